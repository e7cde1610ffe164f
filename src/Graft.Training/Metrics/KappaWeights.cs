namespace Graft.Training;

/// <summary>What a mistake costs in Cohen's kappa. Cohen 1968, Psychological Bulletin 70.</summary>
public enum KappaWeights
{
    /// <summary>Every mistake the same.</summary>
    None,

    /// <summary>As many as lie between the two classes' numbers: for classes that have an order.</summary>
    Linear,

    /// <summary>The square of that.</summary>
    Quadratic,
}
