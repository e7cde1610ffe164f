namespace Graft.Nn;

/// <summary>What may be said about a loss of <see cref="LossList"/>.</summary>
public sealed record LossOptions
{
    /// <summary>
    /// A weight for each class; for several labels, for the positives of each class; for masks, in cross-entropy and focal loss.
    /// </summary>
    /// <value>null: all count the same</value>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>The share of each label that is spread over all classes; with several labels, moved towards a half.</summary>
    /// <value>0</value>
    public double LabelSmoothing { get; init; }

    /// <summary>The focal loss's gamma.</summary>
    /// <value>2</value>
    public double FocalGamma { get; init; } = 2;

    /// <summary>Whether an image may have several labels.</summary>
    /// <value>false</value>
    public bool Several { get; init; }

    /// <summary>Whether each pixel has a class.</summary>
    /// <value>false</value>
    public bool Masks { get; init; }
}
