namespace Graft.Training;

/// <summary>What a sweep optimises.</summary>
/// <param name="Name">as it is logged, such as valid_loss</param>
public sealed record SweepMetric(string Name)
{
    /// <summary>Which values are good.</summary>
    /// <value>Minimize</value>
    public SweepGoal Goal { get; init; } = SweepGoal.Minimize;

    /// <summary>A value at which the sweep may end; null without.</summary>
    /// <value>null</value>
    public double? Target { get; init; }

    /// <summary>Whether a value is as good as the target. Never without a target, never for NaN.</summary>
    public bool IsReached(double value) =>
        Target is { } target && (Goal == SweepGoal.Minimize ? value <= target : value >= target);

    /// <summary>The value with small ones good, whatever the goal.</summary>
    internal double Cost(double value) => Goal == SweepGoal.Minimize ? value : -value;
}
