namespace Graft.Training;

/// <summary>One parameter of a search space.</summary>
/// <param name="Name">
/// its name; of one within others, their names before it with slashes between: <c>optimizer/momentum</c>
/// </param>
public abstract record SweepParameter(string Name)
{
    /// <summary>The value at a share of the distribution: its quantile.</summary>
    /// <param name="share">in [0, 1]</param>
    public abstract SweepValue Quantile(double share);
}
