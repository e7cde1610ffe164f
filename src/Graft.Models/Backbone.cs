using Graft.Nn;

namespace Graft.Models;

/// <summary>A network without its head: images <c>[N, 3, H, W]</c> to pooled features <c>[N, D]</c>.</summary>
public abstract class Backbone(ModulePath at) : Module(at)
{
    /// <summary>D: how many features it gives.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>Where the head's weights are saved: <c>fc</c>, <c>classifier</c>, <c>head.fc</c>.</summary>
    public abstract string HeadPath { get; }

    /// <summary>Its layers from the stem to the last before the head.</summary>
    public abstract IReadOnlyList<LayerGroup> LayerGroups { get; }

    /// <summary>Where the family's weights start otherwise than their layers do by themselves.</summary>
    internal virtual void Start(ulong seed) { }
}
