namespace Graft.Nn;

/// <summary>A straight line, by default from 1 to 0: Hugging Face's decay.</summary>
public sealed record LinearSchedule(double Start = 1, double End = 0) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Start + (End - Start) * Math.Clamp(progress, 0, 1);
}
