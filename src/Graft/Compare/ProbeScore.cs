namespace Graft;

/// <summary>How many images a probe told right that it had not seen, over all parts of a cross-validation.</summary>
/// <param name="Right">how many it told right</param>
/// <param name="Images">of how many</param>
/// <param name="Settings">what was chosen in each part, by its own training images: k, or C</param>
public sealed record ProbeScore(int Right, int Images, IReadOnlyList<double> Settings)
{
    /// <summary>The share of right ones; NaN without images.</summary>
    public double Accuracy => Images > 0 ? (double)Right / Images : double.NaN;

    /// <summary>Its 95% interval by Wilson.</summary>
    public (double Low, double High) Interval => Training.Proportion.Wilson(Right, Images);
}
