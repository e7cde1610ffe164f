namespace Graft.Models.Segmentation;

/// <summary>How one of torchvision's segmentation networks is built.</summary>
public abstract record TrunkConfig : ModelConfig
{
    /// <summary>The network below the decoder.</summary>
    public required Trunk Trunk { get; init; }
}
