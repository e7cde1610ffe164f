namespace Graft.Training;

/// <summary>Which values of a metric are good.</summary>
public enum MetricGoal
{
    /// <summary>High ones: accuracy.</summary>
    Higher,

    /// <summary>Low ones: losses and errors.</summary>
    Lower,
}
