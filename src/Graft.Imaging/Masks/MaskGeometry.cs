using System.Buffers;
using Graft.Imaging.Codecs;
using Graft.Imaging.Resizing;

namespace Graft.Imaging;

/// <summary>
/// Moving the pixels of masks: by nearest only, to the pixel as Pillow does it to pictures, so that no class appears that was
/// not there.
/// </summary>
public static class MaskGeometry
{
    /// <summary>Another size, by Pillow's nearest.</summary>
    /// <param name="mask">The source; unchanged.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="height">Height of the result.</param>
    public static IndexMask Resize(IndexMask mask, int width, int height) =>
        Window(mask, width, height, 0, 0, width, height);

    /// <summary>
    /// A rectangle of what <see cref="Resize"/> gives; what lies outside of that is <see cref="IndexMask.Ignore"/>.
    /// </summary>
    /// <param name="mask">The source; unchanged.</param>
    /// <param name="width">Width of the whole resized mask.</param>
    /// <param name="height">Height of the whole resized mask.</param>
    /// <param name="left">First column of the rectangle.</param>
    /// <param name="top">First row of the rectangle.</param>
    /// <param name="windowWidth">Width of the result.</param>
    /// <param name="windowHeight">Height of the result.</param>
    public static IndexMask Window(
        IndexMask mask, int width, int height, int left, int top, int windowWidth, int windowHeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width == mask.Width && height == mask.Height) return mask.Crop(left, top, windowWidth, windowHeight);
        IndexMask result = IndexMask.Uninitialized(windowWidth, windowHeight);
        int x0 = Math.Clamp(left, 0, width), x1 = (int)Math.Clamp((long)left + windowWidth, 0, width);
        int y0 = Math.Clamp(top, 0, height), y1 = (int)Math.Clamp((long)top + windowHeight, 0, height);
        if (x1 - x0 < windowWidth || y1 - y0 < windowHeight) result.Pixels.Fill(IndexMask.Ignore);
        if (x1 <= x0 || y1 <= y0) return result;
        int[] columns = ArrayPool<int>.Shared.Rent(x1 - x0), rows = ArrayPool<int>.Shared.Rent(y1 - y0);
        NearestResampler.Coordinates(
            columns.AsSpan(0, x1 - x0), 0, mask.Width, width, mask.Width, x0, mask.Width == width);
        NearestResampler.Coordinates(
            rows.AsSpan(0, y1 - y0), 0, mask.Height, height, mask.Height, y0, mask.Height == height);
        ReadOnlySpan<int> from = columns.AsSpan(0, x1 - x0);
        int before = -1;
        for (int y = y0; y < y1; y++)
        {
            Span<ushort> target = result.Row(y - top).Slice(x0 - left, x1 - x0);
            int row = rows[y - y0];
            if (row == before) result.Row(y - top - 1).Slice(x0 - left, x1 - x0).CopyTo(target);
            else
            {
                ReadOnlySpan<ushort> source = mask.Row(row);
                for (int x = 0; x < target.Length; x++) target[x] = source[from[x]];
            }
            before = row;
        }
        ArrayPool<int>.Shared.Return(columns);
        ArrayPool<int>.Shared.Return(rows);
        return result;
    }

    /// <summary>Left and right exchanged.</summary>
    public static IndexMask FlipHorizontal(IndexMask mask)
    {
        IndexMask result = IndexMask.Uninitialized(mask.Width, mask.Height);
        for (int y = 0; y < mask.Height; y++)
        {
            mask.Row(y).CopyTo(result.Row(y));
            result.Row(y).Reverse();
        }
        return result;
    }

    /// <summary>
    /// The upright mask of a picture with that EXIF orientation; the mask itself for 1. The one given is disposed when another
    /// comes back.
    /// </summary>
    public static IndexMask Orient(IndexMask mask, int orientation)
    {
        if (orientation is < 2 or > 8) return mask;
        Image turned = Codecs.Orient.Apply(MaskCarrier.ToImage(mask), orientation);
        mask.Dispose();
        return MaskCarrier.ToMask(turned);
    }
}
