namespace Graft.Imaging;

/// <summary>Keeps only the highest bits of each value, with a probability.</summary>
/// <param name="Bits">Bits to keep, 0 to 8.</param>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomPosterize(int Bits, float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Tone.Posterize(image, Bits) : image;
}
