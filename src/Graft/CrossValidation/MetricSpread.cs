namespace Graft;

/// <summary>A measure over the folds of a cross-validation.</summary>
/// <param name="Mean">its mean; NaN where it is not defined in some fold</param>
/// <param name="Deviation">its standard deviation from fold to fold (divided by n - 1)</param>
/// <param name="Pooled">the measure of all folds' predictions taken together</param>
public sealed record MetricSpread(double Mean, double Deviation, double Pooled);
