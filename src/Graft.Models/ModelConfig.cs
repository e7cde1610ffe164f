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

    /// <summary>
    /// The number of channels of an image. Pretrained stems are adapted: for 1 channel their weights are summed, for 2 the first
    /// two are scaled by 1.5, for more the new ones start at zero.
    /// </summary>
    /// <value>3</value>
    public int InputChannels { get; init; } = 3;

    /// <summary>How the last map becomes one vector.</summary>
    /// <value><see cref="PoolKind.Own"/></value>
    public PoolKind Pool { get; init; }

    /// <summary>What stands between features and logits.</summary>
    /// <value><see cref="HeadKind.Own"/></value>
    public HeadKind Head { get; init; }

    /// <summary>
    /// For segmentation: what stands on the backbone's pyramid in place of a head. What a classifier has after the last map is
    /// then left out.
    /// </summary>
    /// <value>null: a classifier, or a network that is made for segmentation</value>
    public DecoderKind? Decoder { get; init; }

    /// <summary>Whether a segmentation network has its auxiliary head too; classifiers have none.</summary>
    /// <value>false</value>
    public bool Auxiliary { get; init; }

    /// <summary>How a new head starts.</summary>
    /// <value><see cref="HeadStart.Uniform"/></value>
    public HeadStart HeadStart { get; init; }
}
