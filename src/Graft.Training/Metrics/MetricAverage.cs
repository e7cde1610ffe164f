namespace Graft.Training;

/// <summary>How the scores of classes become one number, as scikit-learn's <c>average</c>.</summary>
public enum MetricAverage
{
    /// <summary>The mean over the classes, each counting the same.</summary>
    Macro,

    /// <summary>Over all decisions together, whatever their class.</summary>
    Micro,

    /// <summary>The mean over the classes, each counting as many times as it has samples.</summary>
    Weighted,

    /// <summary>The mean over the samples; for several labels only.</summary>
    Samples,
}
