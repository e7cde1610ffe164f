// What the four decoders share.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "graft_imaging.h"

namespace graft {

// Where a failure's one line of text goes. Lives in a decoder, so that nothing is lost by a longjmp.
struct Message {
    char text[256] = {0};

    int32_t fail(int32_t status, const char* format, ...) __attribute__((format(printf, 3, 4))) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        return status;
    }
};

// Pillow's CMYK to RGB: (255 - ink) * (255 - black) / 255, rounded.
inline uint8_t ink(unsigned colour, unsigned not_black) {
    unsigned product = colour * not_black + 128;
    product = ((product >> 8) + product) >> 8;
    return static_cast<uint8_t>(product > not_black ? 0 : not_black - product);
}

inline void cmyk_to_rgb(const uint8_t* cmyk, uint8_t* rgb, size_t pixels, unsigned invert) {
    for (size_t i = 0; i < pixels; i++, cmyk += 4, rgb += 3) {
        unsigned not_black = 255 - (cmyk[3] ^ invert);
        rgb[0] = ink(cmyk[0] ^ invert, not_black);
        rgb[1] = ink(cmyk[1] ^ invert, not_black);
        rgb[2] = ink(cmyk[2] ^ invert, not_black);
    }
}

}  // namespace graft

struct graft_imaging_decoder {
    const uint8_t* data = nullptr;
    size_t size = 0;
    int32_t minimum_side = 0;
    int64_t maximum_pixels = 0;
    graft_imaging_info info = {};
    graft::Message message;

    virtual ~graft_imaging_decoder() = default;
    virtual int32_t open() = 0;
    virtual int32_t read(uint8_t* rgb) = 0;
    virtual int32_t read_part(int32_t, int32_t, int32_t, int32_t, uint8_t*) {
        return message.fail(GRAFT_IMAGING_UNSUPPORTED, "parts of this format are not read");
    }
    virtual int32_t read_indices(uint16_t*) {
        return message.fail(GRAFT_IMAGING_UNSUPPORTED, "stored values are read of PNG only");
    }

protected:
    // Refuses empty and overlarge pictures before anything is allocated for them.
    int32_t set_size(int64_t width, int64_t height) {
        if (width <= 0 || height <= 0 || width > INT32_MAX || height > INT32_MAX)
            return message.fail(GRAFT_IMAGING_INVALID, "a picture of %lld x %lld pixels", (long long)width, (long long)height);
        if (maximum_pixels > 0 && (width > maximum_pixels || height > maximum_pixels / width))
            return message.fail(GRAFT_IMAGING_INVALID,
                                "%lld x %lld pixels are more than the limit of %lld: a decompression bomb?", (long long)width,
                                (long long)height, (long long)maximum_pixels);
        info.width = info.full_width = static_cast<int32_t>(width);
        info.height = info.full_height = static_cast<int32_t>(height);
        return GRAFT_IMAGING_OK;
    }
};

namespace graft {
graft_imaging_decoder* new_jpeg_decoder();
graft_imaging_decoder* new_png_decoder();
graft_imaging_decoder* new_webp_decoder();
graft_imaging_decoder* new_tiff_decoder();
}  // namespace graft
