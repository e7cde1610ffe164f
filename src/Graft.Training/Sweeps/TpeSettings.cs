namespace Graft.Training;

/// <summary>How <see cref="TpeSampler"/> searches.</summary>
public sealed record TpeSettings
{
    /// <summary>So many results come from random draws first.</summary>
    /// <value>10</value>
    public int StartTrials { get; init; } = 10;

    /// <summary>The share of results that counts as good.</summary>
    /// <value>0.1</value>
    public double Gamma { get; init; } = 0.1;

    /// <summary>At most so many results count as good.</summary>
    /// <value>25</value>
    public int MostGood { get; init; } = 25;

    /// <summary>How many points are compared for each trial.</summary>
    /// <value>24</value>
    public int Candidates { get; init; } = 24;

    /// <summary>How much the parameters' own distributions weigh against one result.</summary>
    /// <value>1</value>
    public double PriorWeight { get; init; } = 1;
}
