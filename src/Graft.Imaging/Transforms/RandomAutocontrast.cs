namespace Graft.Imaging;

/// <summary>Stretches each channel to the whole range with a probability.</summary>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomAutocontrast(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Tone.Autocontrast(image) : image;
}
