namespace Graft.Nn;

/// <summary>The same number throughout.</summary>
/// <param name="Number">which; 1 leaves rates as they are</param>
public sealed record ConstantSchedule(double Number = 1) : ISchedule
{
    /// <inheritdoc/>
    public double At(double progress) => Number;
}
