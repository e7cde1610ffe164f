namespace Graft.Models.Segmentation;

/// <summary>How a decoder on a pretrained classifier is built, as others publish them.</summary>
public abstract record TrunkConfig : ModelConfig
{
    /// <summary>The network below the decoder.</summary>
    public required Trunk Trunk { get; init; }
}
