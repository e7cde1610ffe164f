using System.Text.Json;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// A dilated trunk, atrous spatial pyramid pooling, 3 x 3, and a class for every pixel. Chen et al. 2017, "Rethinking Atrous
/// Convolution for Semantic Image Segmentation", arXiv:1706.05587; rates and names as torchvision's.
/// </summary>
public sealed class DeepLabV3 : TrunkFamily
{
    /// <summary>How a DeepLabV3 is built.</summary>
    public sealed record Config : TrunkConfig
    {
        /// <summary>Channels of every layer of the decoder. <value>256</value></summary>
        public int Channels { get; init; } = 256;

        /// <summary>Dilations of the pyramid's 3 x 3 convolutions. <value>12, 24, 36</value></summary>
        public IReadOnlyList<int> Rates { get; init; } = [12, 24, 36];
    }

    /// <inheritdoc/>
    public override string Name => "deeplabv3";

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Variant("deeplabv3_resnet50", 42_004_074, () => new Config { Trunk = Trunk.TorchVision("resnet50").Dilated() }),
        Variant("deeplabv3_resnet101", 60_996_202, () => new Config { Trunk = Trunk.TorchVision("resnet101").Dilated() }),
        Variant(
            "deeplabv3_mobilenet_v3_large", 11_029_328,
            () => new Config { Trunk = Trunk.TorchVision("mobilenet_v3_large").Dilated() }),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    internal override string HeadPath => FcnBranch.HeadPath(Decoder);

    internal override string Sign => Decoder + ".0.convs.0.0.weight";

    internal override TrunkConfig? Measured(TensorNames tensors, Trunk trunk)
    {
        int channels = tensors.Size(Sign, 0), branches = tensors.CountWhile(i =>
            $"{Decoder}.0.convs.{i}.0.weight"); // the pooled branch has another name
        if (channels == 0 || branches < 1) return null;
        var config = new Config { Trunk = trunk, Channels = channels };
        return branches - 1 == config.Rates.Count ? config : null; // no shape tells other rates
    }

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        its.Trunk.Write(writer);
        writer.WriteNumber("channels", its.Channels);
        writer.WriteNumbers("rates", its.Rates);
    }

    internal override ModelConfig Read(ConfigReader config) => new Config
    {
        Trunk = Trunk.Read(config),
        Channels = config.Int("channels", 256),
        Rates = config.Ints("rates", [12, 24, 36], max: 1024),
    };

    sealed class Net : TrunkNet
    {
        readonly Module[] layers;

        public Net(ModulePath root, Config config) : base(root, config)
        {
            ModulePath at = root / Decoder;
            layers =
            [
                new Aspp(at / 0, Trunk.Channels, config.Channels, config.Rates),
                new ConvNorm(at, "1", "2", config.Channels, config.Channels, kernel: 3, activation: ActivationKind.Relu),
            ];
            HeadMaps = [(FcnBranch.HeadPath(Decoder), config.Channels)];
        }

        protected override IReadOnlyList<(string Path, int Channels)> HeadMaps { get; }

        protected override IReadOnlyList<string> OwnDecoderPaths =>
            [$"{Decoder}.0", $"{Decoder}.1", $"{Decoder}.2"];

        public override string Kind => "DeepLabV3";

        protected override IReadOnlyList<Tensor> Decode(Tensor last, Tensor middle) => [layers.ForwardAll(last)];
    }
}
