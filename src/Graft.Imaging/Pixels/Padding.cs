namespace Graft.Imaging;

/// <summary>Borders around an image, as torchvision's <c>pad</c> makes them; negative ones cut off.</summary>
public static class Padding
{
    /// <summary>An image with a border.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="left">Columns to the left; fewer than 0 cut off that many.</param>
    /// <param name="top">Rows above.</param>
    /// <param name="right">Columns to the right.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="mode">What the border shows. <value>Constant.</value></param>
    /// <param name="fill">The colour of a constant border. <value>Black.</value></param>
    /// <exception cref="ArgumentException">Nothing would be left of the image.</exception>
    public static Image Apply(
        Image image, int left, int top, int right, int bottom, PaddingMode mode = PaddingMode.Constant, RgbColor fill = default)
    {
        if (!Enum.IsDefined(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such padding mode");
        long width = (long)image.Width + left + right, height = (long)image.Height + top + bottom;
        int keptWidth = image.Width + Math.Min(left, 0) + Math.Min(right, 0);
        int keptHeight = image.Height + Math.Min(top, 0) + Math.Min(bottom, 0);
        if (keptWidth <= 0 || keptHeight <= 0 || width > int.MaxValue || height > int.MaxValue)
            throw new ArgumentException(
                $"padding ({left}, {top}, {right}, {bottom}) leaves nothing of an image of {image.Width} x {image.Height}");
        Image result = Image.Uninitialized((int)width, (int)height);
        if (mode == PaddingMode.Constant)
        {
            Image.Copy(image, result, -left, -top, fill.Red, fill.Green, fill.Blue);
            return result;
        }
        // what is cut off does not come back in the mirror
        int firstX = Math.Max(-left, 0), firstY = Math.Max(-top, 0), padLeft = Math.Max(left, 0), padTop = Math.Max(top, 0);
        for (int y = 0; y < keptHeight; y++)
        {
            ReadOnlySpan<byte> from = image.Row(firstY + y).Slice(firstX * 3, keptWidth * 3);
            Span<byte> to = result.Row(padTop + y);
            from.CopyTo(to[(padLeft * 3)..]);
            for (int x = 0; x < padLeft; x++) Pixel(from, Source(x - padLeft, keptWidth, mode), to, x);
            for (int x = padLeft + keptWidth; x < result.Width; x++)
                Pixel(from, Source(x - padLeft, keptWidth, mode), to, x);
        }
        for (int y = 0; y < result.Height; y++)
        {
            if (y >= padTop && y < padTop + keptHeight) continue;
            result.Row(padTop + Source(y - padTop, keptHeight, mode)).CopyTo(result.Row(y));
        }
        return result;
    }

    static void Pixel(ReadOnlySpan<byte> from, int source, Span<byte> to, int target)
    {
        to[target * 3] = from[source * 3];
        to[target * 3 + 1] = from[source * 3 + 1];
        to[target * 3 + 2] = from[source * 3 + 2];
    }

    /// <summary>Which of 0 .. size - 1 shows at a place outside; mirrors go to and fro for ever, as numpy's.</summary>
    static int Source(int at, int size, PaddingMode mode)
    {
        if (mode == PaddingMode.Edge || size == 1) return Math.Clamp(at, 0, size - 1);
        int period = mode == PaddingMode.Reflect ? 2 * (size - 1) : 2 * size;
        at %= period;
        if (at < 0) at += period;
        return at < size ? at : period - at - (mode == PaddingMode.Reflect ? 0 : 1);
    }
}
