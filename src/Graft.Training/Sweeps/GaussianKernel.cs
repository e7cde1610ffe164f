namespace Graft.Training;

/// <summary>The kernel of a sweep's Gaussian process: how smooth the metric is taken to be.</summary>
public enum GaussianKernel
{
    /// <summary>Matern with nu 3/2: one derivative. What W&amp;B's sweeps use.</summary>
    Matern32,

    /// <summary>Matern with nu 5/2: two derivatives.</summary>
    Matern52,
}
