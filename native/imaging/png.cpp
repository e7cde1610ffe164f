// PNG over libpng. 16-bit grey clips and other 16-bit samples keep their upper byte, as Pillow does; transparency is dropped.
#include <png.h>

#include <csetjmp>

#include "decoder.h"

namespace {

struct PngDecoder final : graft_imaging_decoder {
    png_structp png = nullptr;
    png_infop png_info = nullptr;
    size_t position = 0;
    int32_t status = GRAFT_IMAGING_INVALID;
    uint8_t* wide = nullptr;  // 16-bit grey, before it is clipped
    bool grey16 = false;

    ~PngDecoder() override {
        if (png) png_destroy_read_struct(&png, png_info ? &png_info : nullptr, nullptr);
        free(wide);
    }

    static void on_error(png_structp png, png_const_charp text) {
        PngDecoder* self = static_cast<PngDecoder*>(png_get_error_ptr(png));
        self->status = self->message.fail(GRAFT_IMAGING_INVALID, "invalid PNG: %s", text);
        png_longjmp(png, 1);
    }

    static void on_warning(png_structp, png_const_charp) {}

    static void on_read(png_structp png, png_bytep out, png_size_t count) {
        PngDecoder* self = static_cast<PngDecoder*>(png_get_io_ptr(png));
        if (count > self->size - self->position) {
            self->status = self->message.fail(GRAFT_IMAGING_INVALID, "truncated PNG: the data ends before the picture does");
            png_longjmp(png, 1);
        }
        memcpy(out, self->data + self->position, count);
        self->position += count;
    }

    int32_t open() override {
        png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
        if (!png) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
        if (setjmp(png_jmpbuf(png))) return status;
        png_info = png_create_info_struct(png);
        if (!png_info) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
        png_set_read_fn(png, this, on_read);
        png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
        // only what the pixels need: text, profiles and the like are skipped
        png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
        png_read_info(png, png_info);
        int32_t result = set_size(png_get_image_width(png, png_info), png_get_image_height(png, png_info));
        if (result != GRAFT_IMAGING_OK) return result;
        int depth = png_get_bit_depth(png, png_info);
        switch (png_get_color_type(png, png_info)) {
            case PNG_COLOR_TYPE_GRAY:
                info.mode = depth == 1 ? GRAFT_IMAGING_MODE_1 : depth == 16 ? GRAFT_IMAGING_MODE_I : GRAFT_IMAGING_MODE_L;
                break;
            case PNG_COLOR_TYPE_GRAY_ALPHA: info.mode = depth == 16 ? GRAFT_IMAGING_MODE_RGBA : GRAFT_IMAGING_MODE_LA; break;
            case PNG_COLOR_TYPE_PALETTE: info.mode = GRAFT_IMAGING_MODE_P; break;
            case PNG_COLOR_TYPE_RGB: info.mode = GRAFT_IMAGING_MODE_RGB; break;
            default: info.mode = GRAFT_IMAGING_MODE_RGBA; break;
        }
        grey16 = info.mode == GRAFT_IMAGING_MODE_I;
        if (info.mode == GRAFT_IMAGING_MODE_P) pad_palette(1 << depth);
        // As in Pillow, the picture's data is guarded by zlib's own checksum only; other chunks were checked above.
        png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
        return GRAFT_IMAGING_OK;
    }

    int32_t read(uint8_t* rgb) override {
        if (setjmp(png_jmpbuf(png))) return status;
        if (!grey16) {
            png_set_strip_16(png);
            if (info.mode == GRAFT_IMAGING_MODE_P) png_set_palette_to_rgb(png);
            if (info.mode == GRAFT_IMAGING_MODE_1 || info.mode == GRAFT_IMAGING_MODE_L) png_set_expand_gray_1_2_4_to_8(png);
            if (!(png_get_color_type(png, png_info) & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
            png_set_strip_alpha(png);
        }
        const int passes = png_set_interlace_handling(png);
        png_read_update_info(png, png_info);
        const size_t stride = static_cast<size_t>(info.width) * (grey16 ? 2 : 3);
        if (png_get_rowbytes(png, png_info) != stride)
            return message.fail(GRAFT_IMAGING_INVALID, "invalid PNG: rows of %zu bytes, expected %zu",
                                static_cast<size_t>(png_get_rowbytes(png, png_info)), stride);
        uint8_t* rows = rgb;
        if (grey16) {
            wide = static_cast<uint8_t*>(malloc(passes > 1 ? stride * static_cast<size_t>(info.height) : stride));
            if (!wide) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
            rows = wide;
        }
        for (int pass = 0; pass < passes; pass++)
            for (int32_t y = 0; y < info.height; y++) {
                uint8_t* row = grey16 && passes == 1 ? rows : rows + static_cast<size_t>(y) * stride;
                png_read_row(png, row, nullptr);
                if (grey16 && pass == passes - 1) clip(row, rgb + static_cast<size_t>(y) * static_cast<size_t>(info.width) * 3);
            }
        return GRAFT_IMAGING_OK;
    }

    int32_t read_indices(uint16_t* values) override {
        if (setjmp(png_jmpbuf(png))) return status;
        const int colour = png_get_color_type(png, png_info);
        if (colour != PNG_COLOR_TYPE_GRAY && colour != PNG_COLOR_TYPE_GRAY_ALPHA && colour != PNG_COLOR_TYPE_PALETTE)
            return message.fail(GRAFT_IMAGING_UNSUPPORTED, "a PNG of three channels has colours, no stored values");
        const bool two_bytes = png_get_bit_depth(png, png_info) == 16;
        png_set_packing(png);  // one value a byte, as it is
        png_set_strip_alpha(png);
        const int passes = png_set_interlace_handling(png);
        png_read_update_info(png, png_info);
        const size_t stride = static_cast<size_t>(info.width) * (two_bytes ? 2 : 1);
        if (png_get_rowbytes(png, png_info) != stride)
            return message.fail(GRAFT_IMAGING_INVALID, "invalid PNG: rows of %zu bytes, expected %zu",
                                static_cast<size_t>(png_get_rowbytes(png, png_info)), stride);
        wide = static_cast<uint8_t*>(malloc(passes > 1 ? stride * static_cast<size_t>(info.height) : stride));
        if (!wide) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
        for (int pass = 0; pass < passes; pass++)
            for (int32_t y = 0; y < info.height; y++) {
                uint8_t* row = passes == 1 ? wide : wide + static_cast<size_t>(y) * stride;
                png_read_row(png, row, nullptr);
                if (pass < passes - 1) continue;
                uint16_t* out = values + static_cast<size_t>(y) * static_cast<size_t>(info.width);
                if (two_bytes)
                    for (int32_t x = 0; x < info.width; x++) out[x] = static_cast<uint16_t>(row[2 * x] << 8 | row[2 * x + 1]);
                else
                    for (int32_t x = 0; x < info.width; x++) out[x] = row[x];
            }
        return GRAFT_IMAGING_OK;
    }

    // Indices beyond a short palette are grey levels in Pillow.
    void pad_palette(int count) {
        png_colorp known = nullptr;
        int have = 0;
        if (!png_get_PLTE(png, png_info, &known, &have) || have >= count) return;
        png_color whole[256];
        for (int i = 0; i < count; i++) {
            const png_byte level = static_cast<png_byte>(i);
            whole[i] = i < have ? known[i] : png_color{level, level, level};
        }
        png_set_PLTE(png, png_info, whole, count);
    }

    // Pillow keeps 16-bit grey as integers and clips them to 255 on the way to RGB.
    void clip(const uint8_t* row, uint8_t* rgb) const {
        for (int32_t x = 0; x < info.width; x++, row += 2, rgb += 3) rgb[0] = rgb[1] = rgb[2] = row[0] ? 255 : row[1];
    }
};

struct Writer {
    uint8_t* data = nullptr;
    size_t size = 0;
    size_t capacity = 0;
    graft::Message message;
    int32_t status = GRAFT_IMAGING_INVALID;
};

void write_error(png_structp png, png_const_charp text) {
    Writer* writer = static_cast<Writer*>(png_get_error_ptr(png));
    writer->status = writer->message.fail(GRAFT_IMAGING_INVALID, "PNG: %s", text);
    png_longjmp(png, 1);
}

void write_warning(png_structp, png_const_charp) {}

void write_bytes(png_structp png, png_bytep bytes, png_size_t count) {
    Writer* writer = static_cast<Writer*>(png_get_io_ptr(png));
    if (count > writer->capacity - writer->size) {
        size_t capacity = writer->capacity * 2 + count + 4096;
        void* grown = realloc(writer->data, capacity);
        if (!grown) {
            writer->status = writer->message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
            png_longjmp(png, 1);
        }
        writer->data = static_cast<uint8_t*>(grown);
        writer->capacity = capacity;
    }
    memcpy(writer->data + writer->size, bytes, count);
    writer->size += count;
}

void write_flush(png_structp) {}

int32_t encode(Writer& writer, const uint8_t* rgb, int32_t width, int32_t height, int32_t compression) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, write_error, write_warning);
    png_infop info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
        if (png) png_destroy_write_struct(&png, nullptr);
        return writer.message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return writer.status;
    }
    png_set_write_fn(png, &writer, write_bytes, write_flush);
    png_set_compression_level(png, compression);
    png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int32_t y = 0; y < height; y++) png_write_row(png, rgb + static_cast<size_t>(y) * static_cast<size_t>(width) * 3);
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return GRAFT_IMAGING_OK;
}

}  // namespace

graft_imaging_decoder* graft::new_png_decoder() { return new PngDecoder(); }

int32_t graft_imaging_encode_png(const uint8_t* rgb, int32_t width, int32_t height, int32_t compression, uint8_t** data,
                                 size_t* size, char* error, int32_t error_size) {
    if (!rgb || !data || !size || width <= 0 || height <= 0) return GRAFT_IMAGING_INVALID;
    Writer writer;
    int32_t status = encode(writer, rgb, width, height, compression);
    if (status != GRAFT_IMAGING_OK) {
        free(writer.data);
        if (error && error_size > 0) snprintf(error, static_cast<size_t>(error_size), "%s", writer.message.text);
        return status;
    }
    *data = writer.data;
    *size = writer.size;
    return GRAFT_IMAGING_OK;
}
