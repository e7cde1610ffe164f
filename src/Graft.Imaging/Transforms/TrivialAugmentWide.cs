namespace Graft.Imaging;

/// <summary>
/// One random operation of random magnitude ("TrivialAugment: tuning-free yet state-of-the-art data augmentation", Müller and
/// Hutter 2021, arXiv:2103.10158), as torchvision for Pillow images. The draws, in its order: which; the magnitude, where it has
/// one; the sign, where it has one.
/// </summary>
public sealed record TrivialAugmentWide : IImageTransform
{
    /// <summary>A transform.</summary>
    /// <param name="bins">How many magnitudes there are. <value>31.</value></param>
    /// <param name="interpolation">Nearest, bilinear or bicubic. <value>Nearest.</value></param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two magnitudes.</exception>
    public TrivialAugmentWide(
        int bins = 31, Interpolation interpolation = Interpolation.Nearest, RgbColor fill = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        (Bins, Interpolation, Fill) = (bins, interpolation, fill);
    }

    /// <summary>How many magnitudes there are.</summary>
    public int Bins { get; }

    /// <summary>The filter.</summary>
    public Interpolation Interpolation { get; }

    /// <summary>Colour of what has no source.</summary>
    public RgbColor Fill { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        Draw(image.Width, image.Height, ref random).Apply(image, Interpolation, Fill);

    /// <summary>The operation drawn for an image of this size.</summary>
    public AugmentStep Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        AugmentSpace space = AugmentSpace.Trivial;
        AugmentOperation operation = space.Operations[random.Next(space.Operations.Length)];
        int index = AugmentSpace.HasMagnitude(operation) ? random.Next(Bins) : 0;
        double magnitude = space.Magnitude(operation, index, Bins, imageWidth, imageHeight);
        if (AugmentSpace.IsSigned(operation) && random.Next(2) == 1) magnitude = -magnitude;
        return new(operation, magnitude);
    }
}
