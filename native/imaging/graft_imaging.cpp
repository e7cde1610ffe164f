#include <cstdio>
#include <new>

#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>
#include <webp/decode.h>

#include "decoder.h"

namespace {

void report(const char* text, char* error, int32_t error_size) {
    if (error && error_size > 0) snprintf(error, static_cast<size_t>(error_size), "%s", text);
}

graft_imaging_decoder* make(int32_t format) {
    switch (format) {
        case GRAFT_IMAGING_JPEG: return graft::new_jpeg_decoder();
        case GRAFT_IMAGING_PNG: return graft::new_png_decoder();
        case GRAFT_IMAGING_WEBP: return graft::new_webp_decoder();
        case GRAFT_IMAGING_TIFF: return graft::new_tiff_decoder();
        default: return nullptr;
    }
}

}  // namespace

int32_t graft_imaging_open(int32_t format, const uint8_t* data, size_t size, int32_t minimum_side, int64_t maximum_pixels,
                           graft_imaging_decoder** decoder, graft_imaging_info* info, char* error, int32_t error_size) {
    if (!decoder || !info || !data) return GRAFT_IMAGING_INVALID;
    *decoder = nullptr;
    *info = {};
    graft_imaging_decoder* made = nullptr;
    int32_t status = GRAFT_IMAGING_MEMORY;
    try {
        made = make(format);
        if (!made) {
            report("no such format", error, error_size);
            return GRAFT_IMAGING_UNSUPPORTED;
        }
        made->data = data;
        made->size = size;
        made->minimum_side = minimum_side;
        made->maximum_pixels = maximum_pixels;
        status = made->open();
        *info = made->info;
        if (status == GRAFT_IMAGING_OK) {
            *decoder = made;
            return status;
        }
        report(made->message.text, error, error_size);
    } catch (...) {
        report("out of memory", error, error_size);
    }
    delete made;
    return status;
}

int32_t graft_imaging_read(graft_imaging_decoder* decoder, uint8_t* rgb, size_t size, char* error, int32_t error_size) {
    if (!decoder || !rgb) return GRAFT_IMAGING_INVALID;
    if (size < static_cast<size_t>(decoder->info.width) * static_cast<size_t>(decoder->info.height) * 3) {
        report("the buffer is smaller than the picture", error, error_size);
        return GRAFT_IMAGING_INVALID;
    }
    try {
        int32_t status = decoder->read(rgb);
        if (status != GRAFT_IMAGING_OK) report(decoder->message.text, error, error_size);
        return status;
    } catch (...) {
        report("out of memory", error, error_size);
        return GRAFT_IMAGING_MEMORY;
    }
}

int32_t graft_imaging_read_part(graft_imaging_decoder* decoder, int32_t left, int32_t top, int32_t width, int32_t height,
                                uint8_t* rgb, size_t size, char* error, int32_t error_size) {
    if (!decoder || !rgb) return GRAFT_IMAGING_INVALID;
    if (left < 0 || top < 0 || width <= 0 || height <= 0 || width > decoder->info.width - left ||
        height > decoder->info.height - top || size < static_cast<size_t>(width) * static_cast<size_t>(height) * 3) {
        report("the part reaches out of the picture, or the buffer is smaller", error, error_size);
        return GRAFT_IMAGING_INVALID;
    }
    try {
        int32_t status = decoder->read_part(left, top, width, height, rgb);
        if (status != GRAFT_IMAGING_OK) report(decoder->message.text, error, error_size);
        return status;
    } catch (...) {
        report("out of memory", error, error_size);
        return GRAFT_IMAGING_MEMORY;
    }
}

int32_t graft_imaging_read_indices(graft_imaging_decoder* decoder, uint16_t* values, size_t count, char* error,
                                   int32_t error_size) {
    if (!decoder || !values) return GRAFT_IMAGING_INVALID;
    if (count < static_cast<size_t>(decoder->info.width) * static_cast<size_t>(decoder->info.height)) {
        report("the buffer is smaller than the picture", error, error_size);
        return GRAFT_IMAGING_INVALID;
    }
    try {
        int32_t status = decoder->read_indices(values);
        if (status != GRAFT_IMAGING_OK) report(decoder->message.text, error, error_size);
        return status;
    } catch (...) {
        report("out of memory", error, error_size);
        return GRAFT_IMAGING_MEMORY;
    }
}

void graft_imaging_close(graft_imaging_decoder* decoder) { delete decoder; }

void graft_imaging_free(uint8_t* data) { free(data); }

int32_t graft_imaging_abi(void) { return 3; }

const char* graft_imaging_versions(void) {
    static char text[160];
    int webp = WebPGetDecoderVersion();
    const char* tiff = TIFFGetVersion();
    const char* number = strstr(tiff, "Version ");
    int length = number ? static_cast<int>(strcspn(number + 8, "\n")) : 0;
#define GRAFT_TEXT2(x) #x
#define GRAFT_TEXT(x) GRAFT_TEXT2(x)
    snprintf(text, sizeof text, "libjpeg-turbo %s, libpng %s, libwebp %d.%d.%d, libtiff %.*s", GRAFT_TEXT(LIBJPEG_TURBO_VERSION),
             png_get_libpng_ver(nullptr), webp >> 16 & 255, webp >> 8 & 255, webp & 255, length, number ? number + 8 : "");
    return text;
}
