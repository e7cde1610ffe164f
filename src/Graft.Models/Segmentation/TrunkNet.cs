using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>A trunk and its decoder, with the auxiliary branch where there is one.</summary>
abstract class TrunkNet : Backbone
{
    readonly FcnBranch? auxiliary;

    protected TrunkNet(ModulePath root, TrunkConfig config) : base(root, config)
    {
        Root = root;
        Trunk = config.Trunk.Build(root, config.InputChannels);
        if (config.Auxiliary) auxiliary = new FcnBranch(root / FcnBranch.Auxiliary, Trunk.Middle.Channels);
    }

    protected ModulePath Root { get; }

    protected Backbone Trunk { get; }

    public override bool TakesChannelsLast => Trunk.TakesChannelsLast;

    protected override PoolKind OwnPool => PoolKind.Average;

    /// <summary>Places of the main decoder's layers.</summary>
    protected abstract IReadOnlyList<string> OwnDecoderPaths { get; }

    internal sealed override IReadOnlyList<string> DecoderPaths => [.. OwnDecoderPaths, .. AuxiliaryPaths];

    internal sealed override IReadOnlyList<string> AuxiliaryPaths => auxiliary?.Paths ?? [];

    /// <summary>The trunk's, under their own names, and all that is between it and the heads.</summary>
    public override IReadOnlyList<LayerGroup> LayerGroups =>
    [
        .. Renamed(Trunk), new LayerGroup("decoder", DecoderPaths),
    ];

    /// <summary>A trunk's groups under the names that they have in a classifier.</summary>
    internal static IEnumerable<LayerGroup> Renamed(Backbone trunk) => trunk.LayerGroups.Select(group =>
        ModulePath.IsWithin(group.Name, trunk.Path.Name)
            ? group with { Name = group.Name[(trunk.Path.Name.Length + 1)..] } : group);

    /// <summary>The decoder's map, or several where its head takes several.</summary>
    /// <param name="last">the trunk's last map <c>[N, C, h, w]</c>; stays the caller's</param>
    /// <param name="middle">the trunk's middle map; stays the caller's</param>
    protected abstract IReadOnlyList<Tensor> Decode(Tensor last, Tensor middle);

    /// <summary>What the head's main part takes: path and channels of each map.</summary>
    protected abstract IReadOnlyList<(string Path, int Channels)> HeadMaps { get; }

    public override int Channels => HeadMaps[0].Channels;

    public override string HeadPath => HeadMaps[0].Path;

    protected internal sealed override IReadOnlyList<Tensor> Maps(Tensor images, bool auxiliary)
    {
        // [N, 3, H, W] -> [N, C, H / 8, W / 8] twice; mobile trunks end at a sixteenth
        (Tensor last, Tensor middle) = Trunk.Chain.ForwardAll(images, Trunk.Middle.Layer);
        IReadOnlyList<Tensor> maps = Decode(last, middle);
        if (auxiliary && this.auxiliary is { } branch) maps = [.. maps, branch.Forward(middle)];
        foreach (Tensor trunk in (ReadOnlySpan<Tensor>)[last, middle])
            if (!maps.Contains(trunk, ReferenceEqualityComparer.Instance)) trunk.Dispose();
        return maps;
    }

    protected internal sealed override Tensor Map(Tensor images)
    {
        IReadOnlyList<Tensor> maps = Maps(images, auxiliary: false);
        foreach (Tensor other in maps.Skip(1)) other.Dispose();
        return maps[0];
    }

    protected internal override Head BuildHead(ModulePath root, ModelConfig config) => new SegmentationHead(
        root, HeadMaps, auxiliary is null ? null : (FcnBranch.HeadPath(FcnBranch.Auxiliary), auxiliary.Channels), config.Classes,
        config.Dropout);

    internal override void Start(ulong seed) => Trunk.Start(seed);
}
