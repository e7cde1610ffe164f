namespace Graft.Imaging;

/// <summary>Inverts the values at or above a threshold, with a probability.</summary>
/// <param name="Threshold">0 inverts everything, 256 nothing.</param>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomSolarize(double Threshold, float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        random.Chance(Probability) ? Tone.Solarize(image, Threshold) : image;
}
