namespace Graft.Nn;

/// <summary>Steps of equal ratio from a start to an end, both positive: what learning-rate finders walk along.</summary>
public sealed record ExponentialSchedule(double Start, double End) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Start * Math.Pow(End / Start, Math.Clamp(progress, 0, 1));
}
