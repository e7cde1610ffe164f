using System.Buffers;
using System.Runtime.InteropServices;
using Graft.Imaging.Codecs;

namespace Graft.Imaging;

/// <summary>
/// Reads JPEG, PNG, WebP, BMP, GIF and TIFF, told apart by content, into RGB with the pixels of Pillow's <c>convert("RGB")</c>:
/// transparency is dropped, palettes are looked up, CMYK is converted without a profile, 16-bit grey is clipped to 255. Of
/// animations
/// and multi-page files the first picture counts. Truncated files are errors. Thread-safe.
/// </summary>
public static class ImageCodec
{
    /// <summary>The file extensions of the formats that are read, in lower case with their dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".bmp", ".dib", ".gif", ".tif", ".tiff"];

    /// <summary>Decodes a file's bytes.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="ignoreOrientation">Leaves the picture as it is stored, as torchvision's loader does, instead of turning it as
    /// its EXIF
    /// orientation asks.</param>
    /// <param name="name">What to call the data in error messages.</param>
    /// <param name="minimumSide">Where positive, a JPEG of which the shorter side is at least twice as long may be decoded at a
    /// half, a
    /// quarter or an eighth of its size, as long as its shorter side keeps that many pixels: faster, but not the pixels of a full
    /// decode.
    /// Other formats ignore it.
    /// <value>0: always the full size.</value></param>
    /// <exception cref="InvalidDataException">The data is empty, no image, damaged, truncated, or a decompression
    /// bomb.</exception>
    /// <exception cref="NotSupportedException">A valid image of a kind that is not read.</exception>
    public static Image Decode(ReadOnlySpan<byte> data, bool ignoreOrientation = false, string? name = null, int minimumSide = 0)
    {
        string prefix = Prefix(name);
        FileFormat format = Sniffer.Sniff(data, prefix);
        Image image = format switch
        {
            FileFormat.Bmp => BmpCodec.Decode(data, prefix),
            FileFormat.Gif => GifCodec.Decode(data, prefix),
            _ => NativeCodec.Decode(data, format, minimumSide, prefix),
        };
        return ignoreOrientation ? image : Orient.Apply(image, Exif.Orientation(data, format));
    }

    /// <summary>
    /// A rectangle of what <see cref="Decode"/> gives, to the byte. Of most JPEGs only what the rectangle needs is decoded; what
    /// the file holds below it is not looked at, but a file without its end is refused as there.
    /// </summary>
    /// <inheritdoc cref="Decode"/>
    /// <param name="choose">Says the rectangle; called once.</param>
    /// <exception cref="ArgumentException">The rectangle is empty or reaches out of the image.</exception>
    public static Image DecodePart(
        ReadOnlySpan<byte> data, RectangleChoice choose, bool ignoreOrientation = false, string? name = null,
        int minimumSide = 0)
    {
        string prefix = Prefix(name);
        FileFormat format = Sniffer.Sniff(data, prefix);
        if (format == FileFormat.Jpeg && (ignoreOrientation || Exif.Orientation(data, format) is < 2 or > 8)
            && NativeCodec.DecodePart(data, Checked, minimumSide, prefix) is { } part) return part;
        using Image image = Decode(data, ignoreOrientation, name, minimumSide);
        (int left, int top, int width, int height) = Checked(image.Width, image.Height);
        return image.Crop(left, top, width, height);

        (int Left, int Top, int Width, int Height) Checked(int imageWidth, int imageHeight)
        {
            (int left, int top, int width, int height) = choose(imageWidth, imageHeight);
            if (left < 0 || top < 0 || width <= 0 || height <= 0 || width > imageWidth - left || height > imageHeight - top)
                throw new ArgumentException(
                    $"rectangle ({left}, {top}, {width}, {height}): expected inside the image of {imageWidth} x {imageHeight}");
            return (left, top, width, height);
        }
    }

    /// <summary>Reads and decodes a file. Errors name the file.</summary>
    /// <inheritdoc cref="Decode" path="/param"/>
    /// <exception cref="InvalidDataException">The file is empty, no image, damaged, truncated, or a decompression
    /// bomb.</exception>
    /// <exception cref="NotSupportedException">A valid image of a kind that is not read.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Image Load(string path, bool ignoreOrientation = false, int minimumSide = 0)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path);
        long length = RandomAccess.GetLength(handle);
        if (length > Array.MaxLength) throw new InvalidDataException($"{path}: {length} bytes are too many for an image");
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(length, 1));
        try
        {
            int read = 0;
            while (read < length)
            {
                int count = RandomAccess.Read(handle, buffer.AsSpan(read, (int)length - read), read);
                if (count == 0) break;
                read += count;
            }
            return Decode(buffer.AsSpan(0, read), ignoreOrientation, path, minimumSide);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What the data says about its picture, without decoding it.</summary>
    /// <exception cref="InvalidDataException">The data is empty, no image, or its header is damaged.</exception>
    /// <exception cref="NotSupportedException">A valid image of a kind that is not read.</exception>
    public static ImageInfo Identify(ReadOnlySpan<byte> data, string? name = null)
    {
        string prefix = Prefix(name);
        FileFormat format = Sniffer.Sniff(data, prefix);
        (int width, int height, string mode) = format switch
        {
            FileFormat.Bmp => BmpCodec.Identify(data, prefix),
            FileFormat.Gif => GifCodec.Identify(data, prefix),
            _ => NativeCodec.Identify(data, format, prefix),
        };
        return new(format.ToString().ToUpperInvariant(), width, height, mode, Exif.Orientation(data, format));
    }

    /// <summary>Encodes as PNG.</summary>
    /// <param name="image">The image.</param>
    /// <param name="compression">0 (none) to 9 (smallest). <value>6.</value></param>
    public static byte[] EncodePng(Image image, int compression = 6)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(compression);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(compression, 9);
        return NativeCodec.EncodePng(image, compression);
    }

    /// <summary>Encodes as JPEG (4:2:0).</summary>
    /// <param name="image">The image; no side above 65,500 pixels.</param>
    /// <param name="quality">1 to 100. <value>90.</value></param>
    public static byte[] EncodeJpeg(Image image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return NativeCodec.EncodeJpeg(image, quality);
    }

    /// <summary>Versions of the libraries behind the decoders, as one line.</summary>
    public static string LibraryVersions => Marshal.PtrToStringUTF8(Interop.Native.graft_imaging_versions()) ?? "";

    static string Prefix(string? name) => name is null ? "" : name + ": ";
}
