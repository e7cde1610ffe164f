using System.Buffers;

namespace Graft.Imaging;

/// <summary>
/// A picture in memory: 8-bit RGB, interleaved, rows from the top, no padding. Its pixels lie in a pooled array, which
/// <see cref="Dispose"/> gives back; an image that is never disposed is simply collected. Not to be used after disposal.
/// </summary>
public sealed class Image : IDisposable
{
    /// <summary>The most pixels an image may have: twice Pillow's warning limit, where Pillow refuses.</summary>
    public const long MaximumPixels = 178956970;

    /// <summary>
    /// How many bytes behind the last pixel an image that is not the caller's array has at least, so that vector loops may read
    /// and write whole registers there.
    /// </summary>
    internal const int Slack = 32;

    byte[]? pixels;
    readonly bool pooled;

    /// <summary>A black image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the image is larger than <see
    /// cref="MaximumPixels"/>.</exception>
    public Image(int width, int height) : this(width, height, Rent(width, height), pooled: true) => Rgb.Clear();

    /// <summary>An image over an array of the caller, of width x height x 3 bytes or more; not copied.</summary>
    /// <exception cref="ArgumentException">The array is too short for the size.</exception>
    public Image(int width, int height, byte[] pixels) : this(width, height, pixels, pooled: false)
    {
        if (pixels.Length < ByteLength(width, height))
            throw new ArgumentException(
                $"an image of {width} x {height} takes {ByteLength(width, height)} bytes, the array has {pixels.Length}");
    }

    Image(int width, int height, byte[] pixels, bool pooled)
    {
        Width = width;
        Height = height;
        this.pixels = pixels;
        this.pooled = pooled;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The array that holds the pixels from its start; may be longer than the image. Prefer <see cref="Rgb"/>.</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public byte[] Pixels => pixels ?? throw new ObjectDisposedException(nameof(Image));

    /// <summary>The pixels [H, W, 3].</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public Span<byte> Rgb => Pixels.AsSpan(0, Width * Height * 3);

    /// <summary>One row of pixels [W, 3].</summary>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return Pixels.AsSpan(y * Width * 3, Width * 3);
    }

    /// <summary>A copy with its own pixels.</summary>
    public Image Clone()
    {
        Image copy = Uninitialized(Width, Height);
        Rgb.CopyTo(copy.Rgb);
        return copy;
    }

    /// <summary>
    /// A rectangle of this image as an image of its own. What lies outside of this image becomes black, as Pillow's crop does it.
    /// </summary>
    public Image Crop(int left, int top, int width, int height)
    {
        Image result = Uninitialized(width, height);
        Copy(this, result, left, top);
        return result;
    }

    /// <summary>
    /// A copy of which the longer side has at most so many pixels, made with Lanczos; never larger than the original.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The side is not positive.</exception>
    public Image Thumbnail(int side)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(side);
        int longer = Math.Max(Width, Height);
        if (longer <= side) return Clone();
        int width = Math.Max(1, (int)Math.Round((double)Width * side / longer));
        int height = Math.Max(1, (int)Math.Round((double)Height * side / longer));
        return Resize.Apply(this, width, height, Interpolation.Lanczos);
    }

    /// <summary>Gives the pixels back to the pool.</summary>
    public void Dispose()
    {
        byte[]? array = Interlocked.Exchange(ref pixels, null);
        if (pooled && array is not null) ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>An image with pixels that hold anything.</summary>
    internal static Image Uninitialized(int width, int height) => new(width, height, Rent(width, height), pooled: true);

    /// <summary>
    /// Fills the target from the source, of which (left, top) is the target's first pixel; black where there is no source.
    /// </summary>
    internal static void Copy(Image source, Image target, int left, int top, byte red = 0, byte green = 0, byte blue = 0)
    {
        int from = Math.Clamp(left, 0, source.Width), to = (int)Math.Clamp((long)left + target.Width, 0, source.Width);
        int first = Math.Clamp(top, 0, source.Height), last = (int)Math.Clamp((long)top + target.Height, 0, source.Height);
        if (to - from < target.Width || last - first < target.Height) Fill(target, red, green, blue);
        if (to <= from) return;
        for (int y = first; y < last; y++)
            source.Row(y)[(from * 3)..(to * 3)].CopyTo(target.Row(y - top)[((from - left) * 3)..]);
    }

    static void Fill(Image target, byte red, byte green, byte blue) => Fill(target.Rgb, red, green, blue);

    /// <summary>Gives whole pixels one colour.</summary>
    internal static void Fill(Span<byte> rgb, byte red, byte green, byte blue)
    {
        if (red == green && green == blue)
        {
            rgb.Fill(red);
            return;
        }
        for (int i = 0; i < rgb.Length; i += 3) (rgb[i], rgb[i + 1], rgb[i + 2]) = (red, green, blue);
    }

    static long ByteLength(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((long)width * height > MaximumPixels)
            throw new ArgumentOutOfRangeException(
                nameof(width), $"{width} x {height} pixels are more than the limit of {MaximumPixels}");
        return (long)width * height * 3;
    }

    static byte[] Rent(int width, int height) => ArrayPool<byte>.Shared.Rent((int)ByteLength(width, height) + Slack);
}
