// TIFF over libtiff: strips and tiles, samples together or in planes, 1 to 16 bits (and 32 for grey), any compression that
// libtiff was built with. The samples are converted here, as Pillow converts them, and not by libtiff's RGBA reader, which
// multiplies by alpha and scales differently. Of files with several pages the first counts.
#include <cstdio>
#include <memory>

#include <tiffio.h>

#include "decoder.h"

namespace {

enum class Layout { Grey, GreyAlpha, Palette, Rgb, Cmyk, Library };

// A chunk of decoded samples larger than this is refused: no real file has one, and hostile ones ask for it.
constexpr int64_t MaximumChunk = int64_t(1) << 30;

struct TiffDecoder final : graft_imaging_decoder {
    TIFF* tiff = nullptr;
    uint64_t position = 0;
    Layout layout = Layout::Grey;
    uint32_t width = 0, height = 0;
    uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT;
    uint16_t photometric = PHOTOMETRIC_MINISBLACK, planar = PLANARCONFIG_CONTIG;
    bool associated = false;  // the sample after the colours is an alpha by which they are multiplied
    uint16_t* maps[3] = {nullptr, nullptr, nullptr};

    ~TiffDecoder() override {
        if (tiff) TIFFClose(tiff);
    }

    // ---- libtiff's view of the bytes ----

    static TiffDecoder* self(thandle_t handle) { return static_cast<TiffDecoder*>(handle); }

    static tmsize_t on_read(thandle_t handle, void* out, tmsize_t count) {
        TiffDecoder* it = self(handle);
        if (count <= 0 || it->position >= it->size) return 0;
        uint64_t left = it->size - it->position;
        uint64_t take = static_cast<uint64_t>(count) < left ? static_cast<uint64_t>(count) : left;
        memcpy(out, it->data + it->position, take);
        it->position += take;
        return static_cast<tmsize_t>(take);
    }

    static tmsize_t on_write(thandle_t, void*, tmsize_t) { return 0; }

    static toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
        TiffDecoder* it = self(handle);
        it->position = whence == SEEK_CUR ? it->position + offset : whence == SEEK_END ? it->size + offset : offset;
        return it->position;
    }

    static int on_close(thandle_t) { return 0; }
    static toff_t on_size(thandle_t handle) { return self(handle)->size; }
    static int on_map(thandle_t handle, void** base, toff_t* size) {
        *base = const_cast<uint8_t*>(self(handle)->data);
        *size = self(handle)->size;
        return 1;
    }
    static void on_unmap(thandle_t, void*, toff_t) {}

    static int on_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
        char text[160];
        vsnprintf(text, sizeof text, format, arguments);
        TiffDecoder* it = static_cast<TiffDecoder*>(user);
        if (!it->message.text[0]) it->message.fail(GRAFT_IMAGING_INVALID, "invalid TIFF: %s", text);
        return 1;
    }

    static int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

    int32_t failed(const char* otherwise) {
        if (!message.text[0]) message.fail(GRAFT_IMAGING_INVALID, "invalid or truncated TIFF: %s", otherwise);
        return GRAFT_IMAGING_INVALID;
    }

    int32_t unsupported() {
        return message.fail(GRAFT_IMAGING_UNSUPPORTED, "a TIFF of %d x %d bits a pixel, photometric %d, sample format %d",
                            samples, bits, photometric, format);
    }

    // ---- what it is ----

    int32_t open() override {
        TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
        if (!options) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(MaximumChunk));
        TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, this);
        TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, this);
        tiff = TIFFClientOpenExt("image", "rm", this, on_read, on_write, on_seek, on_close, on_size, on_map, on_unmap, options);
        TIFFOpenOptionsFree(options);
        if (!tiff) return failed("the header cannot be read");

        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
        int32_t status = set_size(width, height);
        if (status != GRAFT_IMAGING_OK) return status;
        uint16_t compression = COMPRESSION_NONE, extra_count = 0;
        uint16_t* extras = nullptr;
        TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
        TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extras);
        if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric)) photometric = PHOTOMETRIC_MINISBLACK;
        if (format == SAMPLEFORMAT_VOID) format = SAMPLEFORMAT_UINT;
        if (!TIFFIsCODECConfigured(compression))
            return message.fail(GRAFT_IMAGING_UNSUPPORTED, "a TIFF of compression %d, which the libtiff here does not have",
                                compression);

        if (photometric == PHOTOMETRIC_YCBCR) {
            info.mode = compression == COMPRESSION_JPEG ? GRAFT_IMAGING_MODE_RGB : GRAFT_IMAGING_MODE_YCBCR;
            if (samples != 3 || bits != 8) return unsupported();
            if (compression == COMPRESSION_JPEG && planar == PLANARCONFIG_CONTIG) {
                TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
                layout = Layout::Rgb;
                return check();
            }
            layout = Layout::Library;
            return GRAFT_IMAGING_OK;
        }

        const bool whole = format == SAMPLEFORMAT_UINT && (bits == 8 || bits == 16);
        switch (photometric) {
            case PHOTOMETRIC_MINISWHITE:
            case PHOTOMETRIC_MINISBLACK:
                layout = samples == 1 ? Layout::Grey : Layout::GreyAlpha;
                if (samples > 1 && !whole) return unsupported();
                if (samples == 1 && !grey()) return unsupported();
                if (samples > 1) info.mode = GRAFT_IMAGING_MODE_LA;
                break;
            case PHOTOMETRIC_PALETTE:
                layout = Layout::Palette;
                info.mode = GRAFT_IMAGING_MODE_P;
                if ((bits != 1 && bits != 2 && bits != 4 && bits != 8) || (samples != 1 && bits != 8)) return unsupported();
                if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2])) return failed("no palette");
                break;
            case PHOTOMETRIC_RGB:
                layout = Layout::Rgb;
                if (samples < 3 || !whole) return unsupported();
                associated = samples > 3 && extra_count > 0 && extras[0] == EXTRASAMPLE_ASSOCALPHA;
                info.mode = samples == 3                                              ? GRAFT_IMAGING_MODE_RGB
                            : extra_count > 0 && extras[0] == EXTRASAMPLE_UNSPECIFIED ? GRAFT_IMAGING_MODE_RGBX
                                                                                      : GRAFT_IMAGING_MODE_RGBA;
                break;
            case PHOTOMETRIC_SEPARATED:
                layout = Layout::Cmyk;
                info.mode = GRAFT_IMAGING_MODE_CMYK;
                if (samples < 4 || !whole) return unsupported();
                break;
            default: return unsupported();
        }
        if (info.mode == 0) info.mode = GRAFT_IMAGING_MODE_RGB;
        return check();
    }

    bool grey() {
        if (format == SAMPLEFORMAT_UINT && (bits == 1 || bits == 2 || bits == 4 || bits == 8)) {
            info.mode = bits == 1 ? GRAFT_IMAGING_MODE_1 : GRAFT_IMAGING_MODE_L;
            return true;
        }
        // Wider samples of "white is zero" are read uninverted, as Pillow reads them.
        const bool integer = format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_INT;
        if (bits == 16 && format == SAMPLEFORMAT_UINT)
            info.mode = data[0] == 'M' ? GRAFT_IMAGING_MODE_I16B : GRAFT_IMAGING_MODE_I16;
        else if (bits == 16 && integer) info.mode = GRAFT_IMAGING_MODE_I;
        else if (bits == 32 && integer) info.mode = GRAFT_IMAGING_MODE_I;
        else if (bits == 32 && format == SAMPLEFORMAT_IEEEFP) info.mode = GRAFT_IMAGING_MODE_F;
        return info.mode != 0;
    }

    // Bytes of a row of a chunk so many pixels wide: what libtiff writes there, computed without it.
    int64_t row_bytes(int64_t pixels) const {
        int64_t in_row = planar == PLANARCONFIG_CONTIG ? samples : 1;
        return (pixels * in_row * bits + 7) / 8;
    }

    int32_t check() {
        if (planar != PLANARCONFIG_CONTIG && planar != PLANARCONFIG_SEPARATE) return unsupported();
        if (samples == 1) planar = PLANARCONFIG_CONTIG;
        return GRAFT_IMAGING_OK;
    }

    // ---- the pixels ----

    int32_t read(uint8_t* rgb) override {
        message.text[0] = 0;
        if (layout == Layout::Library) return read_by_library(rgb);
        const bool tiled = TIFFIsTiled(tiff);
        uint32_t chunk_width = width, chunk_height = height;
        if (tiled) {
            if (!TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &chunk_width) || !TIFFGetField(tiff, TIFFTAG_TILELENGTH, &chunk_height))
                return failed("no tile size");
        } else {
            TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &chunk_height);
            if (chunk_height > height) chunk_height = height;
        }
        if (chunk_width == 0 || chunk_height == 0) return failed("chunks without pixels");
        const int64_t stride = row_bytes(chunk_width);
        if (stride > MaximumChunk / static_cast<int64_t>(chunk_height)) return failed("a tile or strip is too large");
        const int64_t bytes = stride * chunk_height;
        if ((tiled ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff)) != static_cast<uint64_t>(bytes))
            return failed("tiles or strips are of another size than the picture's kind of pixels says");

        // planes that the pixels need: one when samples lie together
        const bool apart = planar == PLANARCONFIG_SEPARATE;
        const int planes = !apart ? 1 : layout == Layout::Rgb ? (associated ? 4 : 3) : layout == Layout::Cmyk ? 4 : 1;
        std::unique_ptr<uint8_t, decltype(&free)> buffer(
            static_cast<uint8_t*>(malloc(static_cast<size_t>(bytes) * planes)), free);
        if (!buffer) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");

        for (uint32_t y = 0; y < height; y += chunk_height) {
            const uint32_t rows = height - y < chunk_height ? height - y : chunk_height;
            for (uint32_t x = 0; x < width; x += chunk_width) {
                const uint32_t columns = width - x < chunk_width ? width - x : chunk_width;
                for (int plane = 0; plane < planes; plane++) {
                    uint8_t* to = buffer.get() + bytes * plane;
                    const uint16_t sample = static_cast<uint16_t>(apart ? plane : 0);
                    const tmsize_t wanted = tiled ? bytes : stride * rows;
                    const tmsize_t got = tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, sample), to, bytes)
                                               : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, sample), to, wanted);
                    if (got < wanted) return failed("the data ends before the picture does");
                }
                for (uint32_t row = 0; row < rows; row++) {
                    const uint8_t* from[4];
                    const int64_t offset = stride * row;
                    for (int i = 0; i < 4; i++) {
                        const int64_t sample = apart ? bytes * (i < planes ? i : 0) : static_cast<int64_t>(i) * (bits / 8);
                        from[i] = buffer.get() + offset + sample;
                    }
                    convert(from, apart ? 1 : samples, columns, rgb + (static_cast<size_t>(y + row) * width + x) * 3);
                }
            }
            if (chunk_height > height - y) break;
        }
        return GRAFT_IMAGING_OK;
    }

    // One row. from[i] points to the first value of sample i, of which the next lies `step` samples further.
    void convert(const uint8_t* const from[4], unsigned step, uint32_t count, uint8_t* rgb) const {
        switch (layout) {
            case Layout::Grey:
            case Layout::GreyAlpha: grey_row(from[0], step, count, rgb); break;
            case Layout::Palette:
                for (uint32_t x = 0; x < count; x++, rgb += 3) {
                    const unsigned index = bits == 8 ? from[0][static_cast<size_t>(x) * step] : packed(from[0], x);
                    for (int i = 0; i < 3; i++) rgb[i] = static_cast<uint8_t>(maps[i][index] >> 8);
                }
                break;
            case Layout::Rgb:
                for (size_t x = 0; x < count; x++, rgb += 3) {
                    for (int i = 0; i < 3; i++) rgb[i] = upper(from[i], x * step);
                    if (associated) unmultiply(rgb, upper(from[3], x * step));
                }
                break;
            case Layout::Cmyk:
                for (size_t x = 0; x < count; x++, rgb += 3) {
                    const uint8_t inks[4] = {upper(from[0], x * step), upper(from[1], x * step), upper(from[2], x * step),
                                             upper(from[3], x * step)};
                    graft::cmyk_to_rgb(inks, rgb, 1, 0);
                }
                break;
            case Layout::Library: break;
        }
    }

    unsigned packed(const uint8_t* row, uint32_t x) const {
        const uint64_t bit = static_cast<uint64_t>(x) * bits;
        return (row[bit / 8] >> (8 - bits - bit % 8)) & ((1u << bits) - 1);
    }

    template <typename T>
    static T load(const uint8_t* at) {
        T value;
        memcpy(&value, at, sizeof value);
        return value;
    }

    // Of 16 bits the upper 8 are kept, for colours.
    uint8_t upper(const uint8_t* row, size_t index) const {
        return bits == 8 ? row[index] : static_cast<uint8_t>(load<uint16_t>(row + index * 2) >> 8);
    }

    static uint8_t clip(double value) { return value <= 0 ? 0 : value >= 255 ? 255 : static_cast<uint8_t>(value); }

    static void unmultiply(uint8_t* rgb, unsigned alpha) {
        if (alpha == 255) return;
        for (int i = 0; i < 3; i++) {
            const unsigned value = alpha == 0 ? 0 : rgb[i] * 255u / alpha;
            rgb[i] = static_cast<uint8_t>(value > 255 ? 255 : value);
        }
    }

    void grey_row(const uint8_t* row, unsigned step, uint32_t count, uint8_t* rgb) const {
        const uint8_t invert = photometric == PHOTOMETRIC_MINISWHITE ? 255 : 0;
        for (size_t x = 0; x < count; x++, rgb += 3) {
            uint8_t value;
            const size_t index = x * step;
            if (layout == Layout::GreyAlpha) {
                value = upper(row, index) ^ invert;
            } else if (bits < 8) {
                value = static_cast<uint8_t>(packed(row, static_cast<uint32_t>(x)) * (255u / ((1u << bits) - 1))) ^ invert;
            } else if (bits == 8) {
                value = row[index] ^ invert;
            } else if (bits == 16) {
                value = format == SAMPLEFORMAT_INT ? clip(load<int16_t>(row + index * 2)) : clip(load<uint16_t>(row + index * 2));
            } else if (format == SAMPLEFORMAT_IEEEFP) {
                const float number = load<float>(row + index * 4);
                value = number != number ? 0 : clip(number);
            } else {
                value = clip(load<int32_t>(row + index * 4));
            }
            rgb[0] = rgb[1] = rgb[2] = value;
        }
    }

    // Subsampled colour differences without JPEG, and the old kind of JPEG.
    int32_t read_by_library(uint8_t* rgb) {
        TIFFRGBAImage image;
        char error[1024] = {0};
        if (!TIFFRGBAImageOK(tiff, error) || !TIFFRGBAImageBegin(&image, tiff, 1, error))
            return message.fail(GRAFT_IMAGING_UNSUPPORTED, "TIFF: %.200s", error);
        image.req_orientation = image.orientation;
        const size_t pixels = static_cast<size_t>(width) * height;
        std::unique_ptr<uint32_t, decltype(&free)> raster(static_cast<uint32_t*>(malloc(pixels * 4)), free);
        const int ok = raster ? TIFFRGBAImageGet(&image, raster.get(), width, height) : 0;
        TIFFRGBAImageEnd(&image);
        if (!raster) return message.fail(GRAFT_IMAGING_MEMORY, "out of memory");
        if (!ok) return failed("the data ends before the picture does");
        for (size_t i = 0; i < pixels; i++, rgb += 3) {
            rgb[0] = static_cast<uint8_t>(TIFFGetR(raster.get()[i]));
            rgb[1] = static_cast<uint8_t>(TIFFGetG(raster.get()[i]));
            rgb[2] = static_cast<uint8_t>(TIFFGetB(raster.get()[i]));
        }
        return GRAFT_IMAGING_OK;
    }
};

}  // namespace

graft_imaging_decoder* graft::new_tiff_decoder() { return new TiffDecoder(); }
