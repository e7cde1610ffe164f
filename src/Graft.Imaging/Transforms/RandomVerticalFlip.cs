namespace Graft.Imaging;

/// <summary>Exchanges top and bottom with a probability.</summary>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomVerticalFlip(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Flip.Vertical(image) : image;
}
