namespace Graft.Nn;

/// <summary>
/// Half a wave of a cosine, by default from 1 to 0. Loshchilov and Hutter 2016 (without restarts), arXiv:1608.03983.
/// </summary>
public sealed record CosineSchedule(double Start = 1, double End = 0) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Start + (End - Start) * (1 - Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))) / 2;
}
