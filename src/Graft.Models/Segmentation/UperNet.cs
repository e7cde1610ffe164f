using System.Text.Json;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// All four maps of a ConvNeXt or Swin, each normalised: the last pooled at several scales, then a feature pyramid down to the
/// first, all of them joined at its size. Xiao et al. 2018, "Unified Perceptual Parsing for Scene Understanding",
/// arXiv:1807.10221, in transformers' form and under its names, with its auxiliary head on the third map.
/// </summary>
public sealed partial class UperNet : ModelFamily
{
    /// <summary>How a UPerNet is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>The backbone: a ConvNeXt's or Swin's sizes; classes, pool and head have no meaning here.</summary>
        public required ModelConfig Trunk { get; init; }

        /// <summary>Channels of every layer of the decoder. <value>512</value></summary>
        public int Channels { get; init; } = 512;

        /// <summary>Into how many windows a side of the last map is pooled. <value>1, 2, 3, 6</value></summary>
        public IReadOnlyList<int> Scales { get; init; } = [1, 2, 3, 6];

        /// <summary>Channels of the auxiliary head. <value>256</value></summary>
        public int AuxiliaryChannels { get; init; } = 256;

        /// <summary>Layers of the auxiliary head before its last. <value>1</value></summary>
        public int AuxiliaryDepth { get; init; } = 1;

        /// <summary>Whether the auxiliary head sees its input once more before its last layer. <value>false</value></summary>
        public bool AuxiliaryJoins { get; init; }
    }

    /// <summary>The map that the auxiliary head sees.</summary>
    const int AuxiliaryMap = 2;

    const string Backbone = "backbone", Norms = "norms", Decoder = "decode_head", Auxiliary = "auxiliary_head";
    const string Last = "classifier";

    static readonly ConvNeXt convNeXt = new();
    static readonly Swin swin = new();

    /// <inheritdoc/>
    public override string Name => "upernet";

    /// <inheritdoc/>
    public override bool Segments(ModelConfig config) => true;

    internal override bool TakesAuxiliary(ModelConfig config) => true;

    internal override string HeadPath => $"{Decoder}.{Last}";

    /// <inheritdoc/>
    internal override Models.Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    static ModelFamily FamilyOf(ModelConfig trunk) => trunk is Swin.Config ? swin : convNeXt;

    sealed class Net : Models.Backbone
    {
        readonly Models.Backbone trunk;
        readonly Module[] norms;
        readonly UperNetDecoder decoder;
        readonly AuxiliaryBranch? auxiliary;

        public Net(ModulePath root, Config config) : base(root, config)
        {
            // a decoder of whatever kind: what a classifier has after its last map is left out
            ModelConfig its = config.Trunk with { InputChannels = config.InputChannels, Decoder = DecoderKind.Fpn };
            trunk = FamilyOf(its).Build(root / Backbone, its);
            int[] channels = [.. trunk.Levels.Select(level => level.Channels)];
            if (channels.Length <= AuxiliaryMap)
                throw new InvalidDataException(
                    $"UPerNet: expected a backbone of more than {AuxiliaryMap} stages, found {channels.Length}");
            ModulePath at = root / Norms;
            // transformers normalises with PyTorch's eps after Swin, and with the blocks' after ConvNeXt
            norms = [.. channels.Select((count, i) => new LayerNorm2d(at / i, count, config.Trunk is Swin.Config ? 1e-5 : 1e-6))];
            decoder = new UperNetDecoder(root / Decoder, channels, config.Channels, config.Scales);
            if (config.Auxiliary) auxiliary = new AuxiliaryBranch(root / Auxiliary, channels[AuxiliaryMap], config);
            Channels = config.Channels;
        }

        public override int Channels { get; }
        public override string HeadPath => $"{Decoder}.{Last}";
        public override string Kind => "UPerNet";
        public override bool TakesChannelsLast => trunk.TakesChannelsLast;
        internal override IReadOnlyList<string> DecoderPaths => [Norms, .. decoder.Paths, .. AuxiliaryPaths];
        internal override IReadOnlyList<string> AuxiliaryPaths => auxiliary?.Paths ?? [];
        internal override IReadOnlyList<string> UndecayedNames => trunk.UndecayedNames;
        internal override int BlocksPerDepth => trunk.BlocksPerDepth;

        /// <summary>The backbone's, under their own names, and all between it and the heads.</summary>
        public override IReadOnlyList<LayerGroup> LayerGroups =>
        [
            .. trunk.LayerGroups.Select(group => ModulePath.IsWithin(group.Name, Backbone)
                ? group with { Name = group.Name[(Backbone.Length + 1)..] } : group),
            new LayerGroup("decoder", DecoderPaths),
        ];

        protected internal override IReadOnlyList<Tensor> Maps(Tensor images, bool auxiliary)
        {
            Tensor[] maps = trunk.Stages(images); // a quarter, an eighth, ... of the size, rounded down by ConvNeXt
            for (int i = 0; i < maps.Length; i++) maps[i] = maps[i].Then(norms[i]);
            try
            {
                Tensor main = decoder.Decode(maps); // [N, C, H / 4, W / 4]
                return auxiliary && this.auxiliary is { } branch ? [main, branch.Forward(maps[AuxiliaryMap])] : [main];
            }
            finally
            {
                foreach (Tensor map in maps) map.Dispose();
            }
        }

        protected internal override Tensor Map(Tensor images) => Maps(images, auxiliary: false)[0];

        protected internal override Head BuildHead(ModulePath root, ModelConfig config) => new SegmentationHead(
            root, [(HeadPath, Channels)], auxiliary is null ? null : ($"{Auxiliary}.{Last}", auxiliary.Channels), config.Classes,
            config.Dropout);

        internal override void SetInputSize(int height, int width) => trunk.SetInputSize(height, width);

        internal override Tensor? Resampled(string name, Tensor found) =>
            ModulePath.IsWithin(name, Backbone) ? trunk.Resampled(name[(Backbone.Length + 1)..], found) : null;

        /// <summary>The backbone as it starts by itself; the decoder's convolutions as PyTorch's.</summary>
        internal override void Start(ulong seed)
        {
            trunk.Start(seed);
            foreach (string path in DecoderPaths) Path.Store.Reset(path, seed);
        }
    }

    /// <summary>3 x 3 layers on the third map, whose input comes in again at the end where that is asked for.</summary>
    sealed class AuxiliaryBranch : Module
    {
        readonly Module[] layers;
        readonly ConvNorm? join;

        public AuxiliaryBranch(ModulePath at, int inputs, Config config) : base(at)
        {
            Channels = config.AuxiliaryChannels;
            layers = [.. Enumerable.Range(0, config.AuxiliaryDepth).Select(i =>
                UperNetDecoder.Layer(at / "convs" / i, i == 0 ? inputs : Channels, Channels, kernel: 3))];
            if (config.AuxiliaryJoins) join = UperNetDecoder.Layer(at / "conv_cat", inputs + Channels, Channels, kernel: 3);
            Paths = [(at / "convs").Name, .. join is null ? (string[])[] : [join.Path.Name]];
        }

        public int Channels { get; }

        public IReadOnlyList<string> Paths { get; }

        protected override Tensor Compute(Tensor x)
        {
            Tensor y = layers.ForwardAll(x); // [N, C, h, w]
            if (join is null) return y;
            using Tensor both = Tensor.Cat([x, y], 1);
            y.Dispose();
            return join.Forward(both);
        }
    }
}
