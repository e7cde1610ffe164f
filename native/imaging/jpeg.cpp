// JPEG over libjpeg-turbo's libjpeg API. Its defaults (slow integer DCT, fancy upsampling) are what Pillow uses.
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>
#include <jerror.h>

#include "decoder.h"

namespace {

struct Errors {
    jpeg_error_mgr base;  // first, so that the library's pointer to it is a pointer to this
    jmp_buf where;
    graft::Message* message;
    int32_t status;
};

void on_error(j_common_ptr common) {
    Errors* errors = reinterpret_cast<Errors*>(common->err);
    char text[JMSG_LENGTH_MAX];
    errors->base.format_message(common, text);
    switch (errors->base.msg_code) {
        case JERR_SOF_UNSUPPORTED:
        case JERR_BAD_PRECISION:
        case JERR_CONVERSION_NOTIMPL:
        case JERR_CCIR601_NOTIMPL:
        case JERR_FRACT_SAMPLE_NOTIMPL:
        case JERR_NOT_COMPILED: errors->status = GRAFT_IMAGING_UNSUPPORTED; break;
        case JERR_OUT_OF_MEMORY: errors->status = GRAFT_IMAGING_MEMORY; break;
        default: errors->status = GRAFT_IMAGING_INVALID; break;
    }
    errors->message->fail(errors->status, "invalid JPEG: %s", text);
    longjmp(errors->where, 1);
}

void on_message(j_common_ptr common, int level) {
    if (level < 0) common->err->num_warnings++;
}

void on_output(j_common_ptr) {}

void start_errors(Errors& errors, graft::Message& message) {
    jpeg_std_error(&errors.base);
    errors.base.error_exit = on_error;
    errors.base.emit_message = on_message;
    errors.base.output_message = on_output;
    errors.message = &message;
    errors.status = GRAFT_IMAGING_INVALID;
}

// A source that suspends where the bytes end, as Pillow's does: libjpeg's own would invent an end and fill with grey.
void source_start(j_decompress_ptr) {}
boolean source_fill(j_decompress_ptr) { return FALSE; }
void source_end(j_decompress_ptr) {}
void source_skip(j_decompress_ptr decompress, long count) {
    if (count <= 0) return;
    jpeg_source_mgr* source = decompress->src;
    size_t skip = static_cast<size_t>(count) < source->bytes_in_buffer ? static_cast<size_t>(count) : source->bytes_in_buffer;
    source->next_input_byte += skip;
    source->bytes_in_buffer -= skip;
}

// A small progressive file can ask for an endless number of passes over a large picture.
constexpr int MaximumScans = 500;

struct JpegDecoder final : graft_imaging_decoder {
    jpeg_decompress_struct decompress = {};
    Errors errors = {};
    jpeg_source_mgr source = {};
    jpeg_progress_mgr progress = {};
    bool created = false;

    ~JpegDecoder() override {
        if (created) jpeg_destroy_decompress(&decompress);
    }

    int32_t truncated(const char* where) {
        return message.fail(GRAFT_IMAGING_INVALID, "truncated JPEG: the data ends in %s", where);
    }

    static void on_progress(j_common_ptr common) {
        j_decompress_ptr decompress = reinterpret_cast<j_decompress_ptr>(common);
        if (decompress->input_scan_number <= MaximumScans) return;
        Errors* errors = reinterpret_cast<Errors*>(common->err);
        errors->status = errors->message->fail(GRAFT_IMAGING_INVALID, "invalid JPEG: more than %d scans", MaximumScans);
        longjmp(errors->where, 1);
    }

    int32_t open() override {
        start_errors(errors, message);
        decompress.err = &errors.base;
        if (setjmp(errors.where)) return errors.status;
        jpeg_create_decompress(&decompress);
        created = true;
        source.init_source = source_start;
        source.fill_input_buffer = source_fill;
        source.skip_input_data = source_skip;
        source.resync_to_restart = jpeg_resync_to_restart;
        source.term_source = source_end;
        source.next_input_byte = data;
        source.bytes_in_buffer = size;
        decompress.src = &source;
        progress.progress_monitor = on_progress;
        decompress.progress = &progress;
        int header;
        do header = jpeg_read_header(&decompress, FALSE);
        while (header == JPEG_HEADER_TABLES_ONLY);
        if (header == JPEG_SUSPENDED) return truncated("the header");
        int32_t status = set_size(decompress.image_width, decompress.image_height);
        if (status != GRAFT_IMAGING_OK) return status;
        switch (decompress.num_components) {
            case 1: info.mode = GRAFT_IMAGING_MODE_L; break;
            case 3: info.mode = GRAFT_IMAGING_MODE_RGB; break;
            case 4: info.mode = GRAFT_IMAGING_MODE_CMYK; break;
            default: return message.fail(GRAFT_IMAGING_UNSUPPORTED, "a JPEG with %d components", decompress.num_components);
        }
        decompress.out_color_space = decompress.num_components == 4 ? JCS_CMYK : JCS_RGB;
        if (minimum_side > 0) {
            const unsigned shorter =
                decompress.image_width < decompress.image_height ? decompress.image_width : decompress.image_height;
            unsigned denominator = 1;
            while (denominator < 8 && shorter / (denominator * 2) >= static_cast<unsigned>(minimum_side)) denominator *= 2;
            decompress.scale_num = 1;
            decompress.scale_denom = denominator;
            jpeg_calc_output_dimensions(&decompress);
            info.width = static_cast<int32_t>(decompress.output_width);
            info.height = static_cast<int32_t>(decompress.output_height);
        }
        return GRAFT_IMAGING_OK;
    }

    int32_t read(uint8_t* rgb) override {
        if (setjmp(errors.where)) return errors.status;
        if (!jpeg_start_decompress(&decompress)) return truncated("the picture");
        if (static_cast<int32_t>(decompress.output_width) != info.width ||
            static_cast<int32_t>(decompress.output_height) != info.height)
            return message.fail(GRAFT_IMAGING_INVALID, "invalid JPEG: the size changed while decoding");
        const size_t stride = static_cast<size_t>(info.width) * 3;
        const bool cmyk = decompress.output_components == 4;
        JSAMPARRAY buffer = nullptr;
        if (cmyk)
            buffer = decompress.mem->alloc_sarray(
                reinterpret_cast<j_common_ptr>(&decompress), JPOOL_IMAGE, decompress.output_width * 4, 1);
        while (decompress.output_scanline < decompress.output_height) {
            uint8_t* row = rgb + decompress.output_scanline * stride;
            if (cmyk) {
                if (jpeg_read_scanlines(&decompress, buffer, 1) != 1) return truncated("the picture");
                // four-component files follow Adobe's habit: stored inverted
                graft::cmyk_to_rgb(buffer[0], row, decompress.output_width, 255);
                continue;
            }
            JSAMPROW rows[8];
            JDIMENSION count = decompress.output_height - decompress.output_scanline;
            if (count > 8) count = 8;
            for (JDIMENSION i = 0; i < count; i++) rows[i] = row + i * stride;
            if (jpeg_read_scanlines(&decompress, rows, count) == 0) return truncated("the picture");
        }
        jpeg_finish_decompress(&decompress);  // a missing end-of-image marker after the last row is forgiven
        return GRAFT_IMAGING_OK;
    }

    int32_t read_part(int32_t left, int32_t top, int32_t width, int32_t height, uint8_t* rgb) override {
        if (decompress.num_components == 4 || info.width != info.full_width || info.height != info.full_height)
            return message.fail(GRAFT_IMAGING_UNSUPPORTED, "parts of a scaled or CMYK JPEG are not read");
        if (setjmp(errors.where)) return errors.status;
        if (!jpeg_start_decompress(&decompress)) return truncated("the picture");
        if (static_cast<int32_t>(decompress.output_width) != info.width ||
            static_cast<int32_t>(decompress.output_height) != info.height)
            return message.fail(GRAFT_IMAGING_INVALID, "invalid JPEG: the size changed while decoding");
        // A block more on each side: the upsampling of colours looks at its neighbours.
        const int32_t block_width = decompress.max_h_samp_factor * DCTSIZE, block_height = decompress.max_v_samp_factor * DCTSIZE;
        const int32_t first = left > block_width ? left - block_width : 0;
        const int32_t last = info.width - left - width > block_width ? left + width + block_width : info.width;
        JDIMENSION start = static_cast<JDIMENSION>(first), columns = static_cast<JDIMENSION>(last - first);
        if (last - first < info.width) jpeg_crop_scanline(&decompress, &start, &columns);
        const size_t offset = (static_cast<size_t>(left) - start) * 3, length = static_cast<size_t>(width) * 3;
        constexpr JDIMENSION RowsAtOnce = 8;
        JSAMPARRAY buffer = decompress.mem->alloc_sarray(
            reinterpret_cast<j_common_ptr>(&decompress), JPOOL_IMAGE, decompress.output_width * 3, RowsAtOnce);
        if (top > block_height) jpeg_skip_scanlines(&decompress, static_cast<JDIMENSION>(top - block_height));
        const JDIMENSION from = static_cast<JDIMENSION>(top), to = static_cast<JDIMENSION>(top + height);
        while (decompress.output_scanline < to) {
            JDIMENSION row = decompress.output_scanline;
            JDIMENSION count = jpeg_read_scanlines(&decompress, buffer, to - row < RowsAtOnce ? to - row : RowsAtOnce);
            if (count == 0) return truncated("the picture");
            for (JDIMENSION i = 0; i < count; i++, row++)
                if (row >= from) memcpy(rgb + (row - from) * length, buffer[i] + offset, length);
        }
        return GRAFT_IMAGING_OK;
    }
};

}  // namespace

graft_imaging_decoder* graft::new_jpeg_decoder() { return new JpegDecoder(); }

int32_t graft_imaging_encode_jpeg(const uint8_t* rgb, int32_t width, int32_t height, int32_t quality, uint8_t** data,
                                  size_t* size, char* error, int32_t error_size) {
    if (!rgb || !data || !size || width <= 0 || height <= 0) return GRAFT_IMAGING_INVALID;
    graft::Message message;
    Errors errors;
    jpeg_compress_struct compress = {};
    unsigned char* volatile memory = nullptr;
    unsigned char* out = nullptr;
    unsigned long length = 0;
    start_errors(errors, message);
    compress.err = &errors.base;
    if (setjmp(errors.where)) {
        jpeg_destroy_compress(&compress);
        free(memory);
        if (error && error_size > 0) snprintf(error, static_cast<size_t>(error_size), "%s", message.text);
        return errors.status;
    }
    jpeg_create_compress(&compress);
    jpeg_mem_dest(&compress, &out, &length);
    memory = out;
    compress.image_width = static_cast<JDIMENSION>(width);
    compress.image_height = static_cast<JDIMENSION>(height);
    compress.input_components = 3;
    compress.in_color_space = JCS_RGB;
    jpeg_set_defaults(&compress);
    jpeg_set_quality(&compress, quality, TRUE);
    compress.optimize_coding = TRUE;
    jpeg_start_compress(&compress, TRUE);
    while (compress.next_scanline < compress.image_height) {
        JSAMPROW row = const_cast<JSAMPROW>(rgb + static_cast<size_t>(compress.next_scanline) * static_cast<size_t>(width) * 3);
        jpeg_write_scanlines(&compress, &row, 1);
    }
    jpeg_finish_compress(&compress);
    jpeg_destroy_compress(&compress);
    *data = out;
    *size = length;
    return GRAFT_IMAGING_OK;
}
