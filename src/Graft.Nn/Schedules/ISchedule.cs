namespace Graft.Nn;

/// <summary>
/// How a number moves in the course of training: a pure function of progress, so that a resume needs no state. For learning rates
/// it gives the factor on each group's own rate (so that discriminative rates keep their ratios), for momentum the value itself.
/// </summary>
public interface ISchedule
{
    /// <summary>The number at a point of training.</summary>
    /// <param name="progress">in [0, 1]; step k from 0 of n stands at k / n</param>
    double At(double progress);
}
