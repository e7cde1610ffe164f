/* Decoding and encoding of pictures for Graft: the whole of the C ABI.
 *
 * A decoder is opened over bytes that stay in memory until it is closed, tells what the picture is, and writes it once, as
 * 8-bit RGB, into memory of the caller. The pixels are those of Pillow's convert("RGB"). No exception and no longjmp leaves
 * these functions; a failure returns a status and leaves one line of text in `error`.
 */
#ifndef GRAFT_IMAGING_H
#define GRAFT_IMAGING_H

#include <stddef.h>
#include <stdint.h>

#define GRAFT_IMAGING_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    GRAFT_IMAGING_OK = 0,
    GRAFT_IMAGING_INVALID = 1,     /* the bytes are not a whole, valid picture */
    GRAFT_IMAGING_UNSUPPORTED = 2, /* valid, but of a kind that is not read here */
    GRAFT_IMAGING_MEMORY = 3
} graft_imaging_status;

typedef enum {
    GRAFT_IMAGING_JPEG = 1,
    GRAFT_IMAGING_PNG = 2,
    GRAFT_IMAGING_WEBP = 3,
    GRAFT_IMAGING_TIFF = 4
} graft_imaging_format;

/* What the file holds, by Pillow's names: 1, L, LA, P, RGB, RGBA, CMYK, I;16, I, F, YCbCr, RGBX, I;16B. */
typedef enum {
    GRAFT_IMAGING_MODE_1 = 1,
    GRAFT_IMAGING_MODE_L = 2,
    GRAFT_IMAGING_MODE_LA = 3,
    GRAFT_IMAGING_MODE_P = 4,
    GRAFT_IMAGING_MODE_RGB = 5,
    GRAFT_IMAGING_MODE_RGBA = 6,
    GRAFT_IMAGING_MODE_CMYK = 7,
    GRAFT_IMAGING_MODE_I16 = 8,
    GRAFT_IMAGING_MODE_I = 9,
    GRAFT_IMAGING_MODE_F = 10,
    GRAFT_IMAGING_MODE_YCBCR = 11,
    GRAFT_IMAGING_MODE_RGBX = 12,
    GRAFT_IMAGING_MODE_I16B = 13
} graft_imaging_mode;

typedef struct {
    int32_t width;       /* of the picture as it will be decoded (after scaling) */
    int32_t height;
    int32_t full_width;  /* of the picture in the file */
    int32_t full_height;
    int32_t mode;        /* graft_imaging_mode */
} graft_imaging_info;

typedef struct graft_imaging_decoder graft_imaging_decoder;

/* Opens a decoder. minimum_side > 0 lets a JPEG be decoded at 1/2, 1/4 or 1/8, as long as its shorter side keeps that many
 * pixels. */
GRAFT_IMAGING_API int32_t graft_imaging_open(int32_t format, const uint8_t* data, size_t size, int32_t minimum_side,
                                             int64_t maximum_pixels, graft_imaging_decoder** decoder, graft_imaging_info* info,
                                             char* error, int32_t error_size);

/* Writes width * height * 3 bytes, row by row. To be called once. */
GRAFT_IMAGING_API int32_t graft_imaging_read(graft_imaging_decoder* decoder, uint8_t* rgb, size_t size, char* error,
                                             int32_t error_size);

/* From ABI 2 on. Instead of graft_imaging_read, of an unscaled JPEG that is not CMYK: a rectangle of what that would write, to
 * the byte. What the file holds below the rectangle is not looked at. */
GRAFT_IMAGING_API int32_t graft_imaging_read_part(graft_imaging_decoder* decoder, int32_t left, int32_t top, int32_t width,
                                                  int32_t height, uint8_t* rgb, size_t size, char* error,
                                                  int32_t error_size);

/* From ABI 3 on. Instead of graft_imaging_read, of a PNG of one channel, palettes included: width * height stored values, neither
 * stretched to 8 bits nor looked up in the palette; an alpha channel is dropped. */
GRAFT_IMAGING_API int32_t graft_imaging_read_indices(graft_imaging_decoder* decoder, uint16_t* values, size_t count, char* error,
                                                     int32_t error_size);

GRAFT_IMAGING_API void graft_imaging_close(graft_imaging_decoder* decoder);

/* Encoders: *data is to be given back with graft_imaging_free. compression 0 to 9; quality 1 to 100. */
GRAFT_IMAGING_API int32_t graft_imaging_encode_png(const uint8_t* rgb, int32_t width, int32_t height, int32_t compression,
                                                   uint8_t** data, size_t* size, char* error, int32_t error_size);
GRAFT_IMAGING_API int32_t graft_imaging_encode_jpeg(const uint8_t* rgb, int32_t width, int32_t height, int32_t quality,
                                                    uint8_t** data, size_t* size, char* error, int32_t error_size);
GRAFT_IMAGING_API void graft_imaging_free(uint8_t* data);

/* Number of this ABI, and the libraries' versions as one line of text. */
GRAFT_IMAGING_API int32_t graft_imaging_abi(void);
GRAFT_IMAGING_API const char* graft_imaging_versions(void);

#ifdef __cplusplus
}
#endif
#endif
