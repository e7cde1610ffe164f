using System.Text.Json;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// MobileNetV2, dilated, with a short atrous pyramid: 1 x 1 and the mean of the whole map. Chen et al. 2018, arXiv:1802.02611, in
/// the form of TensorFlow's weights, as transformers' <c>MobileNetV2ForSemanticSegmentation</c> has it, whose names its decoder
/// has. Its logits have the map's own size, an eighth of the image's where the trunk is dilated to that.
/// </summary>
public sealed class MobileNetV2DeepLab : ModelFamily
{
    const string Decoder = "segmentation_head", Architecture = "MobileNetV2ForSemanticSegmentation";
    static readonly MobileNetV2 trunks = new();

    /// <summary>How it is built.</summary>
    public sealed record Config : TrunkConfig
    {
        /// <summary>Channels of every layer of the decoder; transformers has no others. <value>256</value></summary>
        public int Channels { get; init; } = 256;
    }

    /// <inheritdoc/>
    public override string Name => "mobilenet_v2_deeplab";

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        new(Origin.HuggingFace, "deeplabv3_mobilenet_v2_1.0_513", this, 2_113_557, () => Of(trunks.Variants
            .First(one => one.FullName == "hf:mobilenet_v2_1.0_224").Config, outputStride: 8) with { Classes = 21 },
            () => Preprocess.FromHuggingFace(
                """{"size":{"shortest_edge":513},"crop_size":{"height":513,"width":513}}""", "mobilenet_v2")),
    ];

    IReadOnlyList<ModelVariant>? variants;

    static Config Of(ModelConfig trunk, int outputStride) => new()
    {
        Trunk = new Trunk(trunks, trunks.Dilated(trunk, outputStride)!),
        Dropout = trunk.Dropout,
        HeadStart = HeadStart.TruncatedNormal,
    };

    /// <inheritdoc/>
    public override bool Segments(ModelConfig config) => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin == Origin.HuggingFace
        ? NameMap.Create([.. TrunkRules(config), (Decoder, Decoder)])
        : throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}");

    /// <summary>The trunk as transformers' classifier has it, without what that has after its last map.</summary>
    static IEnumerable<(string, string)> TrunkRules(ModelConfig config) => trunks
        .Names(Origin.HuggingFace, ((Config)config).Trunk.Config).Below(Trunk.Place, "")
        .Where(rule => rule.Ours is not (Trunk.Place + ".conv_head" or Trunk.Place + ".bn2" or Trunk.Place + ".classifier"));

    internal override NameMap? TrunkNames(TensorNames tensors, ModelConfig config) =>
        tensors.Names.Any(name => name.StartsWith(Decoder, StringComparison.Ordinal)) ? null
            : ((Config)config).Trunk.NamesIn(tensors);

    internal override string HuggingFaceType => "mobilenet_v2";
    internal override string HuggingFaceClass => Architecture;
    internal override string HuggingFacePrefix => "mobilenet_v2.";
    internal override string HeadPath => Decoder + ".classifier.convolution";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        ModelConfig trunk = trunks.FromHuggingFace(config);
        return Of(trunk, ((MobileNetV2.Config)trunk).OutputStride);
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (its.Channels != 256 || !trunks.ToHuggingFace(its.Trunk.Config with { Dropout = its.Dropout }, writer)) return false;
        writer.WriteNumber("semantic_loss_ignore_index", 255);
        return true;
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) =>
        throw new NotSupportedException($"{arguments.Where}: timm has no {Name}");

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        its.Trunk.Write(writer);
        writer.WriteNumber("channels", its.Channels);
    }

    internal override ModelConfig Read(ConfigReader config) => new Config
    {
        Trunk = Trunk.Read(config),
        Channels = config.Int("channels", 256),
    };

    /// <summary>No shape tells strides; TensorFlow's weights were dilated to an eighth.</summary>
    internal override Recognition? Recognize(TensorNames tensors)
    {
        int channels = tensors.Size(Decoder + ".conv_projection.convolution.weight", 0);
        if (channels == 0 || trunks.RecognizeTrunk(tensors) is not { } trunk) return null;
        Config config = Of(trunk, outputStride: 8) with { Channels = channels };
        return new Recognition(
            this, Origin.HuggingFace, config with { Classes = tensors.Size(HeadPath + ".weight", 0) });
    }

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly Backbone trunk;
        readonly PooledBranch pooled;
        readonly ConvNorm near, project;

        public Net(ModulePath root, Config config) : base(root, config)
        {
            trunk = config.Trunk.Build(root, config.InputChannels);
            ModulePath at = root / Decoder;
            int inputs = trunk.Channels;
            Channels = config.Channels;
            pooled = new PooledBranch(at / "conv_pool", "convolution", "normalization", inputs, Channels);
            near = Layer("conv_aspp", inputs);
            project = Layer("conv_projection", 2 * Channels);

            ConvNorm Layer(string name, int from) => new(
                at / name, "convolution", "normalization", from, Channels, kernel: 1, activation: ActivationKind.Relu);
        }

        public override int Channels { get; }
        public override string HeadPath => Decoder + ".classifier.convolution";
        public override string Kind => "MobileNetV2DeepLabV3Plus";
        internal override IReadOnlyList<string> DecoderPaths => [pooled.Path.Name, near.Path.Name, project.Path.Name];
        public override IReadOnlyList<LayerGroup> LayerGroups =>
            [.. TrunkNet.Renamed(trunk), new LayerGroup("decoder", DecoderPaths)];

        protected internal override Tensor Map(Tensor images)
        {
            using Tensor map = trunk.Map(images); // [N, C, H / 8, W / 8]
            using Tensor mean = pooled.Forward(map), own = near.Forward(map); // [N, O, h, w] each
            using Tensor joined = Tensor.Cat([mean, own], 1); // [N, 2 O, h, w]
            return project.Forward(joined); // [N, O, h, w]
        }

        protected internal override Head BuildHead(ModulePath root, ModelConfig config) => new SegmentationHead(
            root, [(HeadPath, Channels)], auxiliary: null, config.Classes, config.Dropout, fullSize: false);

        internal override void Start(ulong seed) => trunk.Start(seed);
    }
}
