namespace Graft.Imaging;

/// <summary>
/// Each channel towards or away from its own mean by a random factor, as dm_pix's random_contrast. One draw: the factor.
/// </summary>
/// <param name="Factor">Factors: 0 is flat, 1 changes nothing.</param>
public sealed record RandomContrast(Interval Factor) : IImageTransform
{
    /// <summary>Factors.</summary>
    public Interval Factor { get; init; } = Factor.Check("factor");

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => Tone.Spread(image, Draw(ref random));

    /// <summary>The factor.</summary>
    public double Draw(ref SampleRandom random) => Factor.Draw(ref random);
}
