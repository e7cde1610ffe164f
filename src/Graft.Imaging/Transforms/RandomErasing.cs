namespace Graft.Imaging;

/// <summary>
/// Erases a random rectangle ("Random erasing data augmentation", Zhong et al. 2017, arXiv:1708.04896) by torchvision's
/// algorithm: ten tries for one that is smaller than the image, else none. It works on bytes, where torchvision's works on the
/// network's input: its default value 0 is there the mean colour. The draws: whether; area and ratio, again until they fit; top;
/// left; with noise its seed.
/// </summary>
public sealed record RandomErasing : IImageTransform
{
    const int Tries = 10;

    /// <summary>A transform.</summary>
    /// <param name="probability">How often. <value>0.5.</value></param>
    /// <param name="scale">Shares of the image's area, 0 to 1; 0.02 to 0.33 when null.</param>
    /// <param name="ratio">Height / width of the rectangle, above 0; 0.3 to 3.3 when null.</param>
    /// <param name="fill">The rectangle's colour; ImageNet's mean when null.</param>
    /// <param name="noise">Whether the rectangle is normal noise instead (torchvision's value "random").</param>
    /// <exception cref="ArgumentException">A range is empty or out of its bounds.</exception>
    public RandomErasing(
        float probability = 0.5f, Interval? scale = null, Interval? ratio = null, RgbColor? fill = null, bool noise = false)
    {
        Probability = probability;
        Scale = (scale ?? new Interval(0.02, 0.33)).Check("scale", 0, 1);
        Ratio = (ratio ?? new Interval(0.3, 3.3)).Check("ratio", double.Epsilon);
        Fill = fill ?? RgbColor.ImageNetMean;
        Noise = noise;
    }

    /// <summary>How often.</summary>
    public float Probability { get; }

    /// <summary>Shares of the image's area.</summary>
    public Interval Scale { get; }

    /// <summary>Height / width of the rectangle.</summary>
    public Interval Ratio { get; }

    /// <summary>The rectangle's colour.</summary>
    public RgbColor Fill { get; }

    /// <summary>Whether the rectangle is noise.</summary>
    public bool Noise { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        if (!random.Chance(Probability)) return image;
        if (Draw(image.Width, image.Height, ref random) is not (int left, int top, int width, int height)) return image;
        return Noise
            ? Imaging.Noise.Rectangle(image, left, top, width, height, random.NextUInt64())
            : Erase.Rectangle(image, left, top, width, height, Fill);
    }

    /// <summary>The rectangle for an image of this size; null when none of ten fitted.</summary>
    public (int Left, int Top, int Width, int Height)? Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        double area = (double)imageWidth * imageHeight;
        Interval logRatio = (Math.Log(Ratio.Minimum), Math.Log(Ratio.Maximum));
        for (int i = 0; i < Tries; i++)
        {
            double target = area * Scale.Draw(ref random), ratio = Math.Exp(logRatio.Draw(ref random));
            double height = Math.Round(Math.Sqrt(target * ratio)), width = Math.Round(Math.Sqrt(target / ratio));
            if (!(height < imageHeight && width < imageWidth)) continue;
            int top = random.Next(imageHeight - (int)height + 1);
            int left = random.Next(imageWidth - (int)width + 1);
            return (left, top, (int)width, (int)height);
        }
        return null;
    }
}
