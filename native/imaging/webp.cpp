// WebP over libwebp; of an animation the first frame, on an empty canvas, as Pillow shows it.
#include <webp/decode.h>
#include <webp/demux.h>

#include "decoder.h"

namespace {

struct WebpDecoder final : graft_imaging_decoder {
    bool animated = false;

    int32_t failed(VP8StatusCode code) {
        switch (code) {
            case VP8_STATUS_NOT_ENOUGH_DATA:
                return message.fail(GRAFT_IMAGING_INVALID, "truncated WebP: the data ends before the picture does");
            case VP8_STATUS_OUT_OF_MEMORY: return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
            case VP8_STATUS_UNSUPPORTED_FEATURE: return message.fail(GRAFT_IMAGING_UNSUPPORTED, "WebP: an unsupported feature");
            default: return message.fail(GRAFT_IMAGING_INVALID, "invalid WebP: the picture cannot be decoded");
        }
    }

    int32_t other_version() {
        return message.fail(GRAFT_IMAGING_UNSUPPORTED, "WebP: the library has another version than this was built for");
    }

    int32_t open() override {
        WebPBitstreamFeatures features;
        VP8StatusCode code = WebPGetFeatures(data, size, &features);
        if (code != VP8_STATUS_OK) return failed(code);
        animated = features.has_animation != 0;
        info.mode = features.has_alpha ? GRAFT_IMAGING_MODE_RGBA : GRAFT_IMAGING_MODE_RGB;
        return set_size(features.width, features.height);
    }

    int32_t read(uint8_t* rgb) override {
        const size_t bytes = static_cast<size_t>(info.width) * static_cast<size_t>(info.height) * 3;
        if (animated) return read_first_frame(rgb);
        WebPDecoderConfig config;
        if (!WebPInitDecoderConfig(&config)) return other_version();
        config.output.colorspace = MODE_RGB;
        config.output.is_external_memory = 1;
        config.output.u.RGBA.rgba = rgb;
        config.output.u.RGBA.stride = info.width * 3;
        config.output.u.RGBA.size = bytes;
        VP8StatusCode code = WebPDecode(data, size, &config);
        WebPFreeDecBuffer(&config.output);
        return code == VP8_STATUS_OK ? GRAFT_IMAGING_OK : failed(code);
    }

    int32_t read_first_frame(uint8_t* rgb) {
        WebPAnimDecoderOptions options;
        if (!WebPAnimDecoderOptionsInit(&options)) return other_version();
        options.color_mode = MODE_RGBA;
        WebPData bytes = {data, size};
        WebPAnimDecoder* decoder = WebPAnimDecoderNew(&bytes, &options);
        if (!decoder) return message.fail(GRAFT_IMAGING_INVALID, "invalid or truncated WebP animation");
        uint8_t* canvas = nullptr;
        int timestamp = 0;
        int32_t status = GRAFT_IMAGING_OK;
        WebPAnimInfo size;
        if (!WebPAnimDecoderGetInfo(decoder, &size) || size.canvas_width != static_cast<uint32_t>(info.width) ||
            size.canvas_height != static_cast<uint32_t>(info.height) || !WebPAnimDecoderGetNext(decoder, &canvas, &timestamp)) {
            status = message.fail(GRAFT_IMAGING_INVALID, "invalid or truncated WebP animation");
        } else {
            const size_t pixels = static_cast<size_t>(info.width) * static_cast<size_t>(info.height);
            for (size_t i = 0; i < pixels; i++, canvas += 4, rgb += 3) {
                rgb[0] = canvas[0];
                rgb[1] = canvas[1];
                rgb[2] = canvas[2];
            }
        }
        WebPAnimDecoderDelete(decoder);
        return status;
    }
};

}  // namespace

graft_imaging_decoder* graft::new_webp_decoder() { return new WebpDecoder(); }
