namespace Graft.Training;

/// <summary>A parameter that every trial has alike.</summary>
/// <param name="Name">its name</param>
/// <param name="Value">its value</param>
public sealed record SweepConstant(string Name, SweepValue Value) : SweepParameter(Name)
{
    /// <inheritdoc/>
    public override SweepValue Quantile(double share) => Value;
}
