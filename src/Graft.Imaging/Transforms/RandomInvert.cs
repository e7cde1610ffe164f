namespace Graft.Imaging;

/// <summary>Inverts all values with a probability.</summary>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomInvert(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Tone.Invert(image) : image;
}
