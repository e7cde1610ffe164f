namespace Graft.Imaging;

/// <summary>
/// A crop of a fixed size at a random place, after an optional border, by torchvision's parameters and pixels. The draws, in its
/// order: top; left; none when the image has the size already.
/// </summary>
public sealed record RandomCrop : IImageTransform
{
    /// <summary>A transform to a size.</summary>
    /// <param name="height">Height of the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="padding">A border that is put around every image first; none when null.</param>
    /// <param name="padIfNeeded">
    /// Whether an image that is too small gets what it lacks as a border on both sides. <value>false: it is refused.</value>
    /// </param>
    /// <param name="mode">What the border of a small image shows. <value>Constant.</value></param>
    /// <param name="fill">The colour of a constant border. <value>Black.</value></param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public RandomCrop(
        int height, int width, Pad? padding = null, bool padIfNeeded = false, PaddingMode mode = PaddingMode.Constant,
        RgbColor fill = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Height, Width, Padding, PadIfNeeded, Mode, Fill) = (height, width, padding, padIfNeeded, mode, fill);
    }

    /// <summary>Height of the result.</summary>
    public int Height { get; }

    /// <summary>Width of the result.</summary>
    public int Width { get; }

    /// <summary>A border that is put around every image first.</summary>
    public Pad? Padding { get; }

    /// <summary>Whether an image that is too small gets a border.</summary>
    public bool PadIfNeeded { get; }

    /// <summary>What the border of a small image shows.</summary>
    public PaddingMode Mode { get; }

    /// <summary>The colour of a constant border.</summary>
    public RgbColor Fill { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The image is smaller than the crop and gets no border.</exception>
    public Image Apply(Image image, ref SampleRandom random)
    {
        Image current = Padding?.Apply(image, ref random) ?? image;
        if (PadIfNeeded && current.Width < Width) current = Larger(Width - current.Width, 0);
        if (PadIfNeeded && current.Height < Height) current = Larger(0, Height - current.Height);
        try
        {
            (int left, int top) = Draw(current.Width, current.Height, ref random);
            if (current.Width == Width && current.Height == Height) return current;
            Image result = current.Crop(left, top, Width, Height);
            if (!ReferenceEquals(current, image)) current.Dispose();
            return result;
        }
        catch
        {
            if (!ReferenceEquals(current, image)) current.Dispose();
            throw;
        }

        Image Larger(int x, int y)
        {
            Image larger = Imaging.Padding.Apply(current, x, y, x, y, Mode, Fill);
            if (!ReferenceEquals(current, image)) current.Dispose();
            return larger;
        }
    }

    /// <summary>The crop's first pixel in an image of this size, which already has its border.</summary>
    /// <exception cref="ArgumentException">The image is smaller than the crop.</exception>
    public (int Left, int Top) Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        if (imageWidth < Width || imageHeight < Height)
            throw new ArgumentException(
                $"a crop of {Width} x {Height} from an image of {imageWidth} x {imageHeight}: resize first, or pad if needed");
        if (imageWidth == Width && imageHeight == Height) return (0, 0);
        int top = random.Next(imageHeight - Height + 1);
        int left = random.Next(imageWidth - Width + 1);
        return (left, top);
    }
}
