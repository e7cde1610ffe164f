namespace Graft.Imaging;

/// <summary>Sharpens (factor above 1) or smooths (below 1) with a probability.</summary>
/// <param name="Factor">0 smooths, 1 changes nothing, 2 sharpens.</param>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomAdjustSharpness(double Factor, float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Sharpen.Apply(image, Factor) : image;
}
