namespace Graft.Nn;

/// <summary>
/// Another schedule, over the first share of training multiplied by a straight line from 0 to 1: unlike with
/// <see cref="WarmupSchedule"/>, nothing of the other is put off.
/// </summary>
/// <param name="Share">of training, in [0, 1]</param>
/// <param name="Of">the other, over all of training</param>
public sealed record RisingSchedule(double Share, ISchedule Of) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Of.At(progress) * (progress < Share ? Math.Max(progress, 0) / Share : 1);
}
