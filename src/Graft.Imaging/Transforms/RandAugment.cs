namespace Graft.Imaging;

/// <summary>
/// Some random operations, all of one magnitude ("RandAugment: practical automated data augmentation with a reduced search
/// space", Cubuk et al. 2019, arXiv:1909.13719), as torchvision for Pillow images. The draws, in its order: for each operation
/// which; its sign, where it has one.
/// </summary>
public sealed record RandAugment : IImageTransform
{
    /// <summary>A transform.</summary>
    /// <param name="operations">How many operations follow each other. <value>2.</value></param>
    /// <param name="magnitude">Which of the magnitudes, 0 to bins - 1. <value>9.</value></param>
    /// <param name="bins">How many magnitudes there are. <value>31.</value></param>
    /// <param name="interpolation">Nearest, bilinear or bicubic. <value>Nearest.</value></param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public RandAugment(
        int operations = 2, int magnitude = 9, int bins = 31, Interpolation interpolation = Interpolation.Nearest,
        RgbColor fill = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(operations);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        if (magnitude < 0 || magnitude >= bins)
            throw new ArgumentException($"magnitude {magnitude}: expected 0 to {bins - 1}, of {bins}");
        (Operations, Magnitude, Bins, Interpolation, Fill) = (operations, magnitude, bins, interpolation, fill);
    }

    /// <summary>How many operations follow each other.</summary>
    public int Operations { get; }

    /// <summary>Which of the magnitudes.</summary>
    public int Magnitude { get; }

    /// <summary>How many magnitudes there are.</summary>
    public int Bins { get; }

    /// <summary>The filter.</summary>
    public Interpolation Interpolation { get; }

    /// <summary>Colour of what has no source.</summary>
    public RgbColor Fill { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        AugmentStep.ApplyAll(Draw(image.Width, image.Height, ref random), image, Interpolation, Fill);

    /// <summary>The operations drawn for an image of this size.</summary>
    public AugmentStep[] Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        AugmentSpace space = AugmentSpace.Standard;
        AugmentStep[] steps = new AugmentStep[Operations];
        for (int i = 0; i < steps.Length; i++)
        {
            AugmentOperation operation = space.Operations[random.Next(space.Operations.Length)];
            double magnitude = space.Magnitude(operation, Magnitude, Bins, imageWidth, imageHeight);
            if (AugmentSpace.IsSigned(operation) && random.Next(2) == 1) magnitude = -magnitude;
            steps[i] = new(operation, magnitude);
        }
        return steps;
    }
}
