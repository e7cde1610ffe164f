namespace Graft.Imaging;

/// <summary>
/// A random scale and a crop of a fixed size, as torchvision's segmentation reference does both (RandomResize, then RandomCrop):
/// the shorter side becomes a whole number of pixels between two bounds, by the filter for the picture and by nearest for the
/// mask; what the crop lacks is added at the right and at the bottom, in black and ignored. Only the pixels of the crop are
/// computed; they are the ones that resizing the whole would give. The draws: the shorter side; then the crop's top and left,
/// once more (up to ten times in all) while one class has more than its share of the crop, as mmsegmentation's
/// <c>cat_max_ratio</c>.
/// </summary>
public sealed record RandomScaleCrop : IMaskedTransform
{
    const int Tries = 10;

    /// <summary>A transform to a size.</summary>
    /// <param name="height">Height of the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="minimumSide">Least length of the shorter side after scaling.</param>
    /// <param name="maximumSide">Greatest length of the shorter side after scaling.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the bounds are in the wrong order.</exception>
    public RandomScaleCrop(int height, int width, int minimumSide, int maximumSide)
    {
        if (height < 1 || width < 1) throw new ArgumentException($"crop of {width} x {height}: expected 1 x 1 or more.");
        if (minimumSide < 1 || maximumSide < minimumSide)
            throw new ArgumentException($"scale to sides of {minimumSide} to {maximumSide}: expected 1 <= least <= greatest.");
        (Height, Width, MinimumSide, MaximumSide) = (height, width, minimumSide, maximumSide);
    }

    /// <summary>
    /// The reference's proportions: scales from 0.5 to 2 of a base of 520 pixels for a crop of 480, and so for others.
    /// </summary>
    /// <param name="height">Height of the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="minimumScale">Least scale. <value>0.5</value></param>
    /// <param name="maximumScale">Greatest scale. <value>2</value></param>
    /// <param name="baseSide">The length of the shorter side that is scale 1. <value>null: 520/480 of the crop's shorter
    /// side</value></param>
    public static RandomScaleCrop Of(
        int height, int width, double minimumScale = 0.5, double maximumScale = 2, int? baseSide = null)
    {
        if (!(minimumScale > 0 && maximumScale >= minimumScale && maximumScale <= 100))
            throw new ArgumentException(
                $"scales {minimumScale} to {maximumScale}: expected 0 < least <= greatest <= 100.");
        int side = baseSide ?? (int)Math.Round(Math.Min(height, width) * (520 / 480.0));
        return new RandomScaleCrop(
            height, width, Math.Max(1, (int)(minimumScale * side)), Math.Max(1, (int)(maximumScale * side)));
    }

    /// <summary>Height of the result.</summary>
    public int Height { get; }

    /// <summary>Width of the result.</summary>
    public int Width { get; }

    /// <summary>Least length of the shorter side after scaling.</summary>
    public int MinimumSide { get; }

    /// <summary>Greatest length of the shorter side after scaling.</summary>
    public int MaximumSide { get; }

    /// <summary>
    /// The greatest share of one class in the pixels that count, above 0; 1 accepts every crop. <value>1: the first crop is
    /// taken, as in torchvision's reference; mmsegmentation has 0.75</value>
    /// </summary>
    public double MaximumShare { get; init; } = 1;

    /// <summary>Filter for the picture. <value>Bilinear</value></summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Colour of what the picture lacks. <value>Black, as torchvision's reference</value></summary>
    public RgbColor Fill { get; init; }

    /// <inheritdoc/>
    public MaskedImage Apply(MaskedImage pair, ref SampleRandom random)
    {
        (int width, int height) = DrawSize(pair.Image.Width, pair.Image.Height, ref random);
        (IndexMask mask, int left, int top) = DrawCrop(pair.Mask, width, height, ref random);
        int keptWidth = Math.Min(Width, width - left), keptHeight = Math.Min(Height, height - top);
        Image kept = Resize.Window(
            pair.Image, width, height, Interpolation, (0, 0, pair.Image.Width, pair.Image.Height), left, top, keptWidth,
            keptHeight);
        if (keptWidth == Width && keptHeight == Height) return new(kept, mask);
        Image padded = Image.Uninitialized(Width, Height);
        Image.Copy(kept, padded, 0, 0, Fill.Red, Fill.Green, Fill.Blue);
        kept.Dispose();
        return new(padded, mask);
    }

    /// <summary>The size of the whole scaled picture.</summary>
    public (int Width, int Height) DrawSize(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        int side = MinimumSide + random.Next(MaximumSide - MinimumSide + 1);
        // torchvision's order: truncated, and multiplied before it is divided
        int longer = (int)((double)((long)side * Math.Max(imageWidth, imageHeight)) / Math.Min(imageWidth, imageHeight));
        return imageWidth <= imageHeight ? (side, longer) : (longer, side);
    }

    (IndexMask Mask, int Left, int Top) DrawCrop(IndexMask whole, int width, int height, ref SampleRandom random)
    {
        for (int attempt = 1; ; attempt++)
        {
            int top = height > Height ? random.Next(height - Height + 1) : 0;
            int left = width > Width ? random.Next(width - Width + 1) : 0;
            IndexMask mask = MaskGeometry.Window(whole, width, height, left, top, Width, Height);
            if (MaximumShare >= 1 || attempt == Tries || IsMixed(mask)) return (mask, left, top);
            mask.Dispose();
        }
    }

    // Whether it has several classes, none of which has more than its share.
    bool IsMixed(IndexMask mask)
    {
        Span<int> counts = stackalloc int[256];
        int[]? many = null;
        int counted = 0, most = 0, classes = 0;
        foreach (ushort value in mask.Pixels)
        {
            if (value == IndexMask.Ignore) continue;
            if (value >= counts.Length)
            {
                many = new int[IndexMask.Ignore];
                counts.CopyTo(many);
                counts = many;
            }
            int count = ++counts[value];
            counted++;
            if (count == 1) classes++;
            if (count > most) most = count;
        }
        return classes > 1 && most < MaximumShare * counted;
    }
}
