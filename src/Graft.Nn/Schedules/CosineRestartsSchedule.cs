namespace Graft.Nn;

/// <summary>
/// Half waves of a cosine one after the other, each starting anew at the top and longer than the one before. Loshchilov and
/// Hutter 2016, arXiv:1608.03983; as PyTorch's CosineAnnealingWarmRestarts.
/// </summary>
/// <param name="FirstCycle">the length of the first, as a share of training in (0, 1]</param>
/// <param name="Growth">how many times longer each is than the one before, at least 1</param>
/// <param name="Start">where each starts</param>
/// <param name="End">where each ends</param>
public sealed record CosineRestartsSchedule(double FirstCycle, double Growth = 1, double Start = 1, double End = 0) : ISchedule
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The cycles have no length, or get shorter.</exception>
    public double At(double progress)
    {
        if (!(FirstCycle > 0 && Growth >= 1))
            throw new InvalidOperationException(
                $"cosine with restarts: expected a first cycle above 0 and a growth of at least 1, " +
                $"came {FirstCycle} and {Growth}");
        double at = Math.Max(progress, 0), length = FirstCycle;
        while (at > length - 1e-12) // k / n may come out a little below the cycle's end
        {
            at = Math.Max(0, at - length);
            length *= Growth;
        }
        return Start + (End - Start) * (1 - Math.Cos(Math.PI * at / length)) / 2;
    }
}
