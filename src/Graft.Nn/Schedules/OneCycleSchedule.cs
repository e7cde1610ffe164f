namespace Graft.Nn;

/// <summary>
/// A cosine from start to peak over the first share of training, and another from peak to end, as fastai's one-cycle. Smith 2018,
/// arXiv:1803.09820.
/// </summary>
/// <param name="Start">where it starts</param>
/// <param name="Peak">where it turns</param>
/// <param name="End">where it ends</param>
/// <param name="RisingShare">the share of training before the turn (fastai's pct_start)</param>
public sealed record OneCycleSchedule(double Start, double Peak, double End, double RisingShare = 0.25) : ISchedule
{
    /// <summary>The factor on learning rates, with fastai's defaults: 1 / div, 1, 1 / divFinal.</summary>
    public static OneCycleSchedule Rate(double div = 25, double divFinal = 1e5, double risingShare = 0.25) =>
        new(1 / div, 1, 1 / divFinal, risingShare);

    /// <summary>The momentum (Adam's beta1) that goes with it, with fastai's defaults.</summary>
    public static OneCycleSchedule Momentum(double high = 0.95, double low = 0.85, double risingShare = 0.25) =>
        new(high, low, high, risingShare);

    /// <inheritdoc/>
    public double At(double progress) =>
        progress < RisingShare ? Cosine(Start, Peak, Math.Max(progress, 0) / RisingShare)
        : Cosine(Peak, End, RisingShare < 1 ? (Math.Min(progress, 1) - RisingShare) / (1 - RisingShare) : 1);

    static double Cosine(double start, double end, double at) => start + (end - start) * (1 - Math.Cos(Math.PI * at)) / 2;
}
