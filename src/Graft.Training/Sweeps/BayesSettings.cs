namespace Graft.Training;

/// <summary>How <see cref="BayesSampler"/> searches.</summary>
public sealed record BayesSettings
{
    /// <summary>How smooth the metric is taken to be.</summary>
    /// <value>Matern52</value>
    public GaussianKernel Kernel { get; init; } = GaussianKernel.Matern52;

    /// <summary>So many first trials are spread over the space (Latin hypercube) before any result is used; at least 2.</summary>
    /// <value>5</value>
    public int StartTrials { get; init; } = 5;

    /// <summary>Random points at which expected improvement is looked at first; the best are refined.</summary>
    /// <value>1000</value>
    public int Candidates { get; init; } = 1000;

    /// <summary>
    /// Over so many draws of the process's parameters improvement is averaged while results are few; 1 for the most probable
    /// ones.
    /// </summary>
    /// <value>8</value>
    public int Draws { get; init; } = 8;

    /// <summary>At most so many results are used: the best half, and the latest.</summary>
    /// <value>200</value>
    public int MostResults { get; init; } = 200;
}
