using System.Buffers;

namespace Graft.Imaging;

/// <summary>
/// The class of each pixel of a picture: 16-bit numbers, rows from the top, no padding. The values lie in a pooled array, which
/// <see cref="Dispose"/> gives back; a mask that is never disposed is simply collected. Not to be used after disposal.
/// </summary>
public sealed class IndexMask : IDisposable
{
    /// <summary>The value of pixels that count neither in training nor in measures.</summary>
    public const ushort Ignore = ushort.MaxValue;

    ushort[]? values;
    readonly bool pooled;

    /// <summary>A mask of class 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the mask is larger than
    /// <see cref="Image.MaximumPixels"/>.</exception>
    public IndexMask(int width, int height) : this(width, height, Rent(width, height), pooled: true) => Pixels.Clear();

    /// <summary>A mask over an array of the caller, of width x height values or more; not copied.</summary>
    /// <exception cref="ArgumentException">The array is too short for the size.</exception>
    public IndexMask(int width, int height, ushort[] values) : this(width, height, values, pooled: false)
    {
        if (values.Length < Length(width, height))
            throw new ArgumentException(
                $"a mask of {width} x {height} takes {Length(width, height)} values, the array has {values.Length}");
    }

    IndexMask(int width, int height, ushort[] values, bool pooled)
    {
        (Width, Height) = (width, height);
        this.values = values;
        this.pooled = pooled;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>The array that holds the values from its start; may be longer. Prefer <see cref="Pixels"/>.</summary>
    /// <exception cref="ObjectDisposedException">The mask was disposed.</exception>
    public ushort[] Values => values ?? throw new ObjectDisposedException(nameof(IndexMask));

    /// <summary>The values [H, W].</summary>
    /// <exception cref="ObjectDisposedException">The mask was disposed.</exception>
    public Span<ushort> Pixels => Values.AsSpan(0, Width * Height);

    /// <summary>One row of values [W].</summary>
    public Span<ushort> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return Values.AsSpan(y * Width, Width);
    }

    /// <summary>A copy with its own values.</summary>
    public IndexMask Clone()
    {
        IndexMask copy = Uninitialized(Width, Height);
        Pixels.CopyTo(copy.Pixels);
        return copy;
    }

    /// <summary>
    /// A rectangle of this mask as a mask of its own; what lies outside of this one is <see cref="Ignore"/>.
    /// </summary>
    public IndexMask Crop(int left, int top, int width, int height)
    {
        IndexMask result = Uninitialized(width, height);
        int from = Math.Clamp(left, 0, Width), to = (int)Math.Clamp((long)left + width, 0, Width);
        int first = Math.Clamp(top, 0, Height), last = (int)Math.Clamp((long)top + height, 0, Height);
        if (to - from < width || last - first < height) result.Pixels.Fill(Ignore);
        if (to <= from) return result;
        for (int y = first; y < last; y++) Row(y)[from..to].CopyTo(result.Row(y - top)[(from - left)..]);
        return result;
    }

    /// <summary>Gives the values back to the pool.</summary>
    public void Dispose()
    {
        ushort[]? array = Interlocked.Exchange(ref values, null);
        if (pooled && array is not null) ArrayPool<ushort>.Shared.Return(array);
    }

    /// <summary>A mask with values that may be anything.</summary>
    internal static IndexMask Uninitialized(int width, int height) => new(width, height, Rent(width, height), pooled: true);

    static long Length(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((long)width * height > Image.MaximumPixels)
            throw new ArgumentOutOfRangeException(
                nameof(width), $"{width} x {height} pixels are more than the limit of {Image.MaximumPixels}");
        return (long)width * height;
    }

    static ushort[] Rent(int width, int height) => ArrayPool<ushort>.Shared.Rent((int)Length(width, height));
}
