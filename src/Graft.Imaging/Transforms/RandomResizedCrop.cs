namespace Graft.Imaging;

/// <summary>
/// A crop of random area and aspect ratio, resized to the given size ("Going deeper with convolutions", Szegedy et al. 2014,
/// arXiv:1409.4842), by torchvision's algorithm: ten tries, then the largest central crop of an allowed ratio. The crop is of
/// whole
/// pixels, and no pixel outside of it takes part in the resize. The draws are the sample's own, not torch's.
/// </summary>
public sealed record RandomResizedCrop : IImageTransform
{
    const int Tries = 10;

    /// <summary>A transform to a size.</summary>
    /// <param name="height">Height of the result.</param>
    /// <param name="width">Width of the result.</param>
    /// <param name="minimumScale">Least share of the image's area. <value>0.08.</value></param>
    /// <param name="maximumScale">Greatest share of the image's area. <value>1.</value></param>
    /// <param name="minimumRatio">Least width / height of the crop. <value>3/4.</value></param>
    /// <param name="maximumRatio">Greatest width / height of the crop. <value>4/3.</value></param>
    /// <param name="interpolation">Filter of the resize. <value>Bilinear.</value></param>
    /// <exception cref="ArgumentException">A size is not positive, or a range is empty or not positive.</exception>
    public RandomResizedCrop(
        int height, int width, double minimumScale = 0.08, double maximumScale = 1, double minimumRatio = 3 / 4.0,
        double maximumRatio = 4 / 3.0, Interpolation interpolation = Interpolation.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (!(minimumScale > 0 && minimumScale <= maximumScale))
            throw new ArgumentException($"scale {minimumScale} to {maximumScale}: expected 0 < minimum <= maximum");
        if (!(minimumRatio > 0 && minimumRatio <= maximumRatio))
            throw new ArgumentException($"ratio {minimumRatio} to {maximumRatio}: expected 0 < minimum <= maximum");
        (Height, Width, Interpolation) = (height, width, interpolation);
        (MinimumScale, MaximumScale, MinimumRatio, MaximumRatio) = (minimumScale, maximumScale, minimumRatio, maximumRatio);
    }

    /// <summary>Height of the result.</summary>
    public int Height { get; }

    /// <summary>Width of the result.</summary>
    public int Width { get; }

    /// <summary>Least share of the image's area.</summary>
    public double MinimumScale { get; }

    /// <summary>Greatest share of the image's area.</summary>
    public double MaximumScale { get; }

    /// <summary>Least width / height of the crop.</summary>
    public double MinimumRatio { get; }

    /// <summary>Greatest width / height of the crop.</summary>
    public double MaximumRatio { get; }

    /// <summary>Filter of the resize.</summary>
    public Interpolation Interpolation { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        (int left, int top, int width, int height) = Draw(image.Width, image.Height, ref random);
        return Resize.CropAndApply(image, left, top, width, height, Width, Height, Interpolation);
    }

    /// <summary>The crop drawn for an image of this size.</summary>
    public (int Left, int Top, int Width, int Height) Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        double area = (double)imageWidth * imageHeight;
        double logMinimum = Math.Log(MinimumRatio), logMaximum = Math.Log(MaximumRatio);
        for (int i = 0; i < Tries; i++)
        {
            double target = area * random.Uniform(MinimumScale, MaximumScale);
            double ratio = Math.Exp(random.Uniform(logMinimum, logMaximum));
            double w = Math.Round(Math.Sqrt(target * ratio)), h = Math.Round(Math.Sqrt(target / ratio));
            if (w < 1 || w > imageWidth || h < 1 || h > imageHeight) continue;
            int top = random.Next(imageHeight - (int)h + 1);
            int left = random.Next(imageWidth - (int)w + 1);
            return (left, top, (int)w, (int)h);
        }
        int width = imageWidth, height = imageHeight;
        double whole = (double)imageWidth / imageHeight;
        if (whole < MinimumRatio) height = Math.Clamp((int)Math.Round(width / MinimumRatio), 1, imageHeight);
        else if (whole > MaximumRatio) width = Math.Clamp((int)Math.Round(height * MaximumRatio), 1, imageWidth);
        return ((imageWidth - width) / 2, (imageHeight - height) / 2, width, height);
    }
}
