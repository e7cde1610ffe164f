namespace Graft.Models;

/// <summary>Everything that says how a network is built; each family has its own kind.</summary>
public abstract record ModelConfig
{
    /// <summary>The number of classes; 0 for a network without a head, whose output is its features.</summary>
    /// <value>1000</value>
    public int Classes { get; init; } = 1000;

    /// <summary>The share of features that are dropped before the head in training.</summary>
    /// <value>0</value>
    public double Dropout { get; init; }

    /// <summary>How a new head starts.</summary>
    /// <value><see cref="HeadStart.Uniform"/></value>
    public HeadStart HeadStart { get; init; }
}
