using Graft.Imaging.Interop;

namespace Graft.Imaging.Codecs;

/// <summary>JPEG, PNG, WebP and TIFF through the native shim.</summary>
static unsafe class NativeCodec
{
    static readonly string[] modes = ["", "1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "YCbCr", "RGBX", "I;16B"];

    public static Image Decode(ReadOnlySpan<byte> data, FileFormat format, int minimumSide, string prefix)
    {
        byte* error = stackalloc byte[Native.ErrorSize];
        error[0] = 0;
        fixed (byte* bytes = data)
        {
            nint decoder = Open(bytes, data.Length, format, minimumSide, prefix, error, out Native.Info info);
            Image? image = null;
            try
            {
                image = Image.Uninitialized(info.Width, info.Height);
                fixed (byte* rgb = image.Pixels)
                {
                    int status = Native.graft_imaging_read(decoder, rgb, (nuint)image.Rgb.Length, error, Native.ErrorSize);
                    Native.Check(status, error, prefix);
                }
                return image;
            }
            catch
            {
                image?.Dispose();
                throw;
            }
            finally
            {
                Native.graft_imaging_close(decoder);
            }
        }
    }

    /// <summary>
    /// A rectangle of an unscaled JPEG, chosen when its size is known; null where it can only be decoded whole, and then nothing
    /// was chosen.
    /// </summary>
    public static Image? DecodePart(ReadOnlySpan<byte> data, RectangleChoice choose, int minimumSide, string prefix)
    {
        // A file that was cut short has no end-of-image marker. It is decoded whole, so that it is refused whatever was chosen.
        const int Tail = 64;
        if (!Native.ReadsParts || data[Math.Max(0, data.Length - Tail)..].LastIndexOf([(byte)0xFF, (byte)0xD9]) < 0) return null;
        byte* error = stackalloc byte[Native.ErrorSize];
        error[0] = 0;
        fixed (byte* bytes = data)
        {
            nint decoder = Open(bytes, data.Length, FileFormat.Jpeg, minimumSide, prefix, error, out Native.Info info);
            Image? image = null;
            try
            {
                bool scaled = (info.Width, info.Height) != (info.FullWidth, info.FullHeight);
                if (scaled || modes[info.Mode] == "CMYK") return null;
                (int left, int top, int width, int height) = choose(info.Width, info.Height);
                image = Image.Uninitialized(width, height);
                fixed (byte* rgb = image.Pixels)
                {
                    int status = Native.graft_imaging_read_part(
                        decoder, left, top, width, height, rgb, (nuint)image.Rgb.Length, error, Native.ErrorSize);
                    Native.Check(status, error, prefix);
                }
                return image;
            }
            catch
            {
                image?.Dispose();
                throw;
            }
            finally
            {
                Native.graft_imaging_close(decoder);
            }
        }
    }

    /// <summary>The stored values of a PNG of one channel; null where it has three.</summary>
    public static IndexMask? DecodeIndices(ReadOnlySpan<byte> data, string prefix)
    {
        if (!Native.ReadsIndices)
            throw new NotSupportedException(
                $"{prefix}the native imaging library is too old to read masks. Build it anew: ./graft --version");
        byte* error = stackalloc byte[Native.ErrorSize];
        error[0] = 0;
        fixed (byte* bytes = data)
        {
            nint decoder = Open(bytes, data.Length, FileFormat.Png, 0, prefix, error, out Native.Info info);
            IndexMask? mask = null;
            try
            {
                mask = IndexMask.Uninitialized(info.Width, info.Height);
                fixed (ushort* values = mask.Values)
                {
                    int status = Native.graft_imaging_read_indices(
                        decoder, values, (nuint)mask.Pixels.Length, error, Native.ErrorSize);
                    if (status == Native.Unsupported)
                    {
                        mask.Dispose();
                        return null;
                    }
                    Native.Check(status, error, prefix);
                }
                return mask;
            }
            catch
            {
                mask?.Dispose();
                throw;
            }
            finally
            {
                Native.graft_imaging_close(decoder);
            }
        }
    }

    public static (int Width, int Height, string Mode) Identify(ReadOnlySpan<byte> data, FileFormat format, string prefix)
    {
        byte* error = stackalloc byte[Native.ErrorSize];
        error[0] = 0;
        fixed (byte* bytes = data)
        {
            nint decoder = Open(bytes, data.Length, format, 0, prefix, error, out Native.Info info);
            Native.graft_imaging_close(decoder);
            string mode = info.Mode > 0 && info.Mode < modes.Length ? modes[info.Mode] : "?";
            return (info.FullWidth, info.FullHeight, mode);
        }
    }

    public static byte[] EncodePng(Image image, int compression)
    {
        byte* error = stackalloc byte[Native.ErrorSize];
        byte* data;
        nuint size;
        fixed (byte* rgb = image.Pixels)
        {
            int status = Native.graft_imaging_encode_png(
                rgb, image.Width, image.Height, compression, &data, &size, error, Native.ErrorSize);
            Native.Check(status, error, "");
        }
        return Take(data, size);
    }

    public static byte[] EncodeJpeg(Image image, int quality)
    {
        byte* error = stackalloc byte[Native.ErrorSize];
        byte* data;
        nuint size;
        fixed (byte* rgb = image.Pixels)
        {
            int status = Native.graft_imaging_encode_jpeg(
                rgb, image.Width, image.Height, quality, &data, &size, error, Native.ErrorSize);
            Native.Check(status, error, "");
        }
        return Take(data, size);
    }

    static nint Open(byte* bytes, int size, FileFormat format, int minimumSide, string prefix, byte* error, out Native.Info info)
    {
        nint decoder;
        Native.Info found;
        int status = Native.graft_imaging_open(
            (int)format, bytes, (nuint)size, minimumSide, Image.MaximumPixels, &decoder, &found, error, Native.ErrorSize);
        Native.Check(status, error, prefix);
        info = found;
        return decoder;
    }

    static byte[] Take(byte* data, nuint size)
    {
        try
        {
            return new ReadOnlySpan<byte>(data, checked((int)size)).ToArray();
        }
        finally
        {
            Native.graft_imaging_free(data);
        }
    }
}
