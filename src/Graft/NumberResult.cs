namespace Graft;

/// <summary>How a model does on one of the numbers that it gives.</summary>
/// <param name="Name">the number</param>
/// <param name="Mean">its mean over the images</param>
/// <param name="RootMeanSquaredError">in the number's own units</param>
/// <param name="MeanAbsoluteError">in the number's own units</param>
/// <param name="RSquared">the share of its variance that is explained; NaN with fewer than two images</param>
public sealed record NumberResult(
    string Name, double Mean, double RootMeanSquaredError, double MeanAbsoluteError, double RSquared);
