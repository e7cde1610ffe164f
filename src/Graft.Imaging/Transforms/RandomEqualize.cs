namespace Graft.Imaging;

/// <summary>Equalizes each channel's histogram with a probability.</summary>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomEqualize(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Tone.Equalize(image) : image;
}
