namespace Graft.Nn;

/// <summary>A straight line up to 1 over the first share of training, then another schedule over the rest.</summary>
/// <param name="Share">of training, in [0, 1)</param>
/// <param name="Then">what follows, over its whole length</param>
/// <param name="Start">where the line starts</param>
public sealed record WarmupSchedule(double Share, ISchedule Then, double Start = 0) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) =>
        progress < Share ? Start + (1 - Start) * Math.Max(progress, 0) / Share : Then.At((progress - Share) / (1 - Share));
}
