namespace Graft.Training;

/// <summary>Which values of a metric are good.</summary>
public enum SweepGoal
{
    /// <summary>Small ones.</summary>
    Minimize,

    /// <summary>Large ones.</summary>
    Maximize,
}
