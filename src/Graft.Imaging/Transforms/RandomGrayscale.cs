namespace Graft.Imaging;

/// <summary>Makes grey (Pillow's luma in all channels) with a probability.</summary>
/// <param name="Probability">How often. <value>0.1.</value></param>
public sealed record RandomGrayscale(float Probability = 0.1f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Tone.Grayscale(image) : image;
}
