using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>
/// Operations on values rather than places, to the byte as Pillow's ImageEnhance and ImageOps and torchvision's functions of the
/// same names. Each makes a new image. Factors as there: 0 takes the quality away, 1 changes nothing, more exaggerates.
/// </summary>
public static class Tone
{
    /// <summary>Towards or away from black.</summary>
    public static Image Brightness(Image image, double factor) => Against(image, 0, factor);

    /// <summary>Towards or away from the image's mean grey.</summary>
    public static Image Contrast(Image image, double factor)
    {
        double mean = Grey.Sum(image) / (double)((long)image.Width * image.Height);
        return Against(image, (int)(mean + 0.5), factor);
    }

    /// <summary>Towards or away from each pixel's grey (torchvision's saturation, Pillow's Color).</summary>
    public static Image Saturation(Image image, double factor)
    {
        Check(factor);
        Image result = Image.Uninitialized(image.Width, image.Height);
        Grey.Blend(image.Rgb, result.Rgb, (float)factor);
        return result;
    }

    /// <summary>Pillow's "L", in all three channels.</summary>
    public static Image Grayscale(Image image) => Saturation(image, 0);

    /// <summary>Hues turned by a share of the circle, through Pillow's 8-bit HSV and back.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="turn">-0.5 to 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another turn.</exception>
    public static Image Hue(Image image, double turn)
    {
        if (!(turn >= -0.5 && turn <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(turn), turn, "a turn of the hue: expected -0.5 to 0.5");
        Image result = Image.Uninitialized(image.Width, image.Height);
        HueTurn.Apply(image.Rgb, result.Rgb, unchecked((byte)(int)(turn * 255)));
        return result;
    }

    /// <summary>gain x value ^ gamma over 0 .. 1, truncated as torchvision's adjust_gamma does it for Pillow images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is negative.</exception>
    public static Image Gamma(Image image, double gamma, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++)
            table[i] = (byte)Math.Clamp((int)((255 + 1 - 1e-3) * gain * Math.Pow(i / 255.0, gamma)), 0, 255);
        return PointTable.Apply(image, table);
    }

    /// <summary>gain x value ^ gamma over 0 .. 1 in single precision, rounded: dm_pix's adjust_gamma, for bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is negative.</exception>
    public static Image Power(Image image, double gamma, double gain = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++) table[i] = Level((float)gain * MathF.Pow(i / 255f, (float)gamma) * 255);
        return PointTable.Apply(image, table);
    }

    /// <summary>
    /// Each channel towards (factor below 1) or away from (above 1) its own mean, in single precision, rounded: dm_pix's
    /// adjust_contrast, brought back to bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not finite.</exception>
    public static Image Spread(Image image, double factor)
    {
        Check(factor);
        Span<int> counts = stackalloc int[768];
        Span<byte> table = stackalloc byte[768];
        Histogram.Count(image.Rgb, counts);
        for (int c = 0; c < 3; c++)
        {
            long sum = 0;
            for (int i = 0; i < 256; i++) sum += (long)i * counts[c * 256 + i];
            float mean = (float)(sum / (double)((long)image.Width * image.Height) / 255);
            for (int i = 0; i < 256; i++)
                table[c * 256 + i] = Level(((float)factor * (i / 255f - mean) + mean) * 255);
        }
        return PointTable.Apply(image, table);
    }

    /// <summary>Each channel stretched to 0 .. 255.</summary>
    public static Image Autocontrast(Image image)
    {
        Span<byte> least = stackalloc byte[3], greatest = stackalloc byte[3], table = stackalloc byte[768];
        Histogram.Bounds(image.Rgb, least, greatest);
        for (int c = 0; c < 3; c++)
        {
            Span<byte> part = table.Slice(c * 256, 256);
            if (greatest[c] <= least[c])
            {
                Identity(part);
                continue;
            }
            double scale = 255.0 / (greatest[c] - least[c]), offset = -least[c] * scale;
            for (int i = 0; i < 256; i++) part[i] = (byte)Math.Clamp((int)(i * scale + offset), 0, 255);
        }
        return PointTable.Apply(image, table);
    }

    /// <summary>Each channel's values spread evenly.</summary>
    public static Image Equalize(Image image)
    {
        Span<int> counts = stackalloc int[768];
        Span<byte> table = stackalloc byte[768];
        Histogram.Count(image.Rgb, counts);
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<int> part = counts.Slice(c * 256, 256);
            int last = part.LastIndexOfAnyExcept(0);
            int step = (image.Width * image.Height - part[last]) / 255;
            if (step == 0)
            {
                Identity(table.Slice(c * 256, 256));
                continue;
            }
            for (int i = 0, n = step / 2; i < 256; n += part[i++]) table[c * 256 + i] = (byte)Math.Min(n / step, 255);
        }
        return PointTable.Apply(image, table);
    }

    /// <summary>255 - value.</summary>
    public static Image Invert(Image image) => Solarize(image, 0);

    /// <summary>Only the highest bits of each value are kept.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="bits">0 to 8.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of bits.</exception>
    public static Image Posterize(Image image, int bits)
    {
        if (bits is < 0 or > 8) throw new ArgumentOutOfRangeException(nameof(bits), bits, "bits to keep: expected 0 to 8");
        Image result = Image.Uninitialized(image.Width, image.Height);
        PointRows.Mask(image.Rgb, result.Rgb, (byte)~((1 << (8 - bits)) - 1));
        return result;
    }

    /// <summary>Values at or above a threshold are inverted.</summary>
    public static Image Solarize(Image image, double threshold)
    {
        Image result = Image.Uninitialized(image.Width, image.Height);
        PointRows.Solarize(image.Rgb, result.Rgb, (int)Math.Clamp(Math.Ceiling(threshold), 0, 256));
        return result;
    }

    static Image Against(Image image, int level, double factor)
    {
        Check(factor);
        Span<byte> table = stackalloc byte[256];
        for (int i = 0; i < 256; i++) table[i] = Blending.One(level, i, (float)factor);
        return PointTable.Apply(image, table);
    }

    static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    static void Check(double factor)
    {
        if (!double.IsFinite(factor)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "expected a finite factor");
    }

    static void Identity(Span<byte> table)
    {
        for (int i = 0; i < 256; i++) table[i] = (byte)i;
    }
}
