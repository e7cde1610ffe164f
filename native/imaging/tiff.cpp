#include "decoder.h"

namespace {
struct TiffDecoder final : graft_imaging_decoder {
    int32_t open() override { return message.fail(GRAFT_IMAGING_UNSUPPORTED, "TIFF is not read yet"); }
    int32_t read(uint8_t*) override { return GRAFT_IMAGING_UNSUPPORTED; }
};
}  // namespace

graft_imaging_decoder* graft::new_tiff_decoder() { return new TiffDecoder(); }
