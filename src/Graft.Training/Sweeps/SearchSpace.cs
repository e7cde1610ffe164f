namespace Graft.Training;

/// <summary>The parameters of a sweep, those within others by their full names.</summary>
/// <param name="Parameters">in the order of the file</param>
public sealed record SearchSpace(IReadOnlyList<SweepParameter> Parameters)
{
    /// <summary>Those that differ between trials, in order.</summary>
    public IEnumerable<SweepParameter> Searched => Parameters.Where(one => one is not SweepConstant);

    /// <summary>A value for every parameter, by name, in order.</summary>
    /// <param name="searched">the values of <see cref="Searched"/>; constants are added</param>
    internal IReadOnlyDictionary<string, SweepValue> Values(IReadOnlyDictionary<string, SweepValue> searched) =>
        Parameters.ToDictionary(one => one.Name, one => one is SweepConstant constant ? constant.Value : searched[one.Name]);
}
