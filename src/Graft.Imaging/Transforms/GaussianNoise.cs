namespace Graft.Imaging;

/// <summary>
/// Normal noise on every byte, by torchvision v2's parameters, where 1 is the whole range of a byte. One draw: the noise's seed.
/// </summary>
/// <param name="Sigma">Standard deviation, 0 or more. <value>0.1.</value></param>
/// <param name="Mean">Mean. <value>0.</value></param>
public sealed record GaussianNoise(double Sigma = 0.1, double Mean = 0) : IImageTransform
{
    /// <summary>Standard deviation.</summary>
    public double Sigma { get; init; } = Sigma >= 0
        ? Sigma : throw new ArgumentException($"a standard deviation of {Sigma}: expected 0 or more");

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Noise.Gaussian(image, Sigma, random.NextUInt64(), Mean);
}
