namespace Graft.Training;

/// <summary>A sweep as its file describes it. <see cref="SweepFile"/> reads it; docs/sweeps.md has the grammar.</summary>
/// <param name="Method">how trials are chosen</param>
/// <param name="Space">what is searched</param>
public sealed record SweepConfig(SweepMethod Method, SearchSpace Space)
{
    /// <summary>What trials run; null for <c>graft train</c>.</summary>
    /// <value>null</value>
    public string? Program { get; init; }

    /// <summary>The sweep's name.</summary>
    /// <value>null</value>
    public string? Name { get; init; }

    /// <summary>What it is about.</summary>
    /// <value>null</value>
    public string? Description { get; init; }

    /// <summary>The project that it belongs to.</summary>
    /// <value>null</value>
    public string? Project { get; init; }

    /// <summary>Whose project that is.</summary>
    /// <value>null</value>
    public string? Entity { get; init; }

    /// <summary>What is optimised; null where nothing asks for it (grid, random).</summary>
    /// <value>null</value>
    public SweepMetric? Metric { get; init; }

    /// <summary>When trials are ended early; null for never.</summary>
    /// <value>null</value>
    public EarlyTermination? EarlyTermination { get; init; }

    /// <summary>At most so many trials; null for any number.</summary>
    /// <value>null</value>
    public int? RunCap { get; init; }

    /// <summary>The command line with <c>${args}</c> and the like; null for the usual one.</summary>
    /// <value>null</value>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The sampler of the method.</summary>
    /// <param name="seed">another seed gives other trials</param>
    /// <exception cref="ArgumentException">A grid of parameters that take any number.</exception>
    public ISweepSampler CreateSampler(ulong seed) => Method switch
    {
        SweepMethod.Grid => new GridSampler(Space),
        SweepMethod.Random => new RandomSampler(Space, seed),
        SweepMethod.Bayes => new BayesSampler(Space, Metric?.Goal ?? SweepGoal.Minimize, seed),
        _ => new TpeSampler(Space, Metric?.Goal ?? SweepGoal.Minimize, seed),
    };
}
