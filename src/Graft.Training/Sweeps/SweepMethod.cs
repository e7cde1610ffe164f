namespace Graft.Training;

/// <summary>How a sweep chooses what to try.</summary>
public enum SweepMethod
{
    /// <summary>Every combination, in order.</summary>
    Grid,

    /// <summary>Independent draws from the parameters' distributions.</summary>
    Random,

    /// <summary>A Gaussian process and expected improvement.</summary>
    Bayes,

    /// <summary>Tree-structured Parzen estimator; Graft's addition to the grammar.</summary>
    Tpe,
}
