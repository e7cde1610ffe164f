namespace Graft.Training;

/// <summary>One trial of a sweep as samplers and early termination see it.</summary>
/// <param name="Number">from 0; each trial its own</param>
/// <param name="Values">what it was started with, by the parameters' names</param>
/// <param name="State">where it stands</param>
public sealed record SweepTrial(int Number, IReadOnlyDictionary<string, SweepValue> Values, SweepTrialState State)
{
    /// <summary>The metric's value that the trial counts with; null or NaN without one.</summary>
    /// <value>null</value>
    public double? Result { get; init; }

    /// <summary>The metric each time that it was logged, oldest first; what is no number has been left out.</summary>
    /// <value>empty</value>
    public IReadOnlyList<double> History { get; init; } = [];
}
