namespace Graft.Imaging;

/// <summary>value ^ gamma over 0 .. 1 with a random exponent, as dm_pix's random_gamma. One draw: the exponent.</summary>
/// <param name="Gamma">Exponents, 0 or more.</param>
/// <param name="Gain">A factor of the result. <value>1.</value></param>
public sealed record RandomGamma(Interval Gamma, double Gain = 1) : IImageTransform
{
    /// <summary>Exponents.</summary>
    public Interval Gamma { get; init; } = Gamma.Check("gamma", 0);

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Tone.Power(image, Draw(ref random), Gain);

    /// <summary>The exponent.</summary>
    public double Draw(ref SampleRandom random) => Gamma.Draw(ref random);
}
