using System.Text.Json;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// Lite reduced atrous spatial pyramid pooling: the last map, weighed by its own mean, and a finer one each say a class for every
/// pixel, and both are added. Howard et al. 2019, "Searching for MobileNetV3", arXiv:1905.02244, as torchvision has it, whose
/// names it has. It has no auxiliary head.
/// </summary>
public sealed class Lraspp : TrunkFamily
{
    /// <summary>How an LR-ASPP is built.</summary>
    public sealed record Config : TrunkConfig
    {
        /// <summary>Channels of the last map after its first layer. <value>128</value></summary>
        public int Channels { get; init; } = 128;
    }

    /// <inheritdoc/>
    public override string Name => "lraspp";

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Variant(
            "lraspp_mobilenet_v3_large", 3_221_538,
            () => new Config { Trunk = Trunk.TorchVision("mobilenet_v3_large").Dilated() }),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    internal override bool TakesAuxiliary(ModelConfig config) => false;

    internal override string HeadPath => Decoder + ".high_classifier";

    internal override string Sign => Decoder + ".cbr.0.weight";

    internal override TrunkConfig? Measured(TensorNames tensors, Trunk trunk) =>
        tensors.Size(Sign, 0) is > 0 and var channels ? new Config { Trunk = trunk, Channels = channels } : null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        its.Trunk.Write(writer);
        writer.WriteNumber("channels", its.Channels);
    }

    internal override ModelConfig Read(ConfigReader config) => new Config
    {
        Trunk = Trunk.Read(config),
        Channels = config.Int("channels", 128),
    };

    sealed class Net : TrunkNet
    {
        readonly Branch branch;

        public Net(ModulePath root, Config config) : base(root, config)
        {
            branch = new Branch(root / Decoder, Trunk.Channels, config.Channels);
            HeadMaps =
            [
                (Decoder + ".high_classifier", config.Channels), (Decoder + ".low_classifier", Trunk.Middle.Channels),
            ];
        }

        protected override IReadOnlyList<(string Path, int Channels)> HeadMaps { get; }

        protected override IReadOnlyList<string> OwnDecoderPaths => [$"{Decoder}.cbr", $"{Decoder}.scale"];

        public override string Kind => "LRASPP";

        protected override IReadOnlyList<Tensor> Decode(Tensor last, Tensor middle)
        {
            using Tensor high = branch.Forward(last); // [N, O, H / 16, W / 16]
            return [high.ResampleBilinear(middle.Size(2), middle.Size(3)), middle]; // [N, O, H / 8, W / 8], [N, C, H / 8, W / 8]
        }
    }

    /// <summary>1 x 1, weighed by what the mean of the whole map says of each channel.</summary>
    sealed class Branch(ModulePath at, int inputs, int channels) : Module(at)
    {
        static readonly long[] spatial = [2, 3];
        readonly ConvNorm layer = new(at, "cbr.0", "cbr.1", inputs, channels, kernel: 1, activation: ActivationKind.Relu);
        readonly Conv2d scale = new(at / "scale.1", inputs, channels, kernel: 1, bias: false);

        public override string Kind => "LRASPPHead";

        protected override Tensor Compute(Tensor x)
        {
            using Tensor y = layer.Forward(x); // [N, O, h, w]
            using Cast input = Precision.Full(x);
            using Tensor mean = input.Value.Mean(spatial, keepDimension: true); // [N, C, 1, 1]
            Report("scale.0", "AdaptiveAvgPool2d", x, mean);
            using Tensor gates = Activation.ApplyTo(ActivationKind.Sigmoid, scale.Forward(mean)); // [N, O, 1, 1]
            Report("scale.2", "Sigmoid", gates, gates);
            return y * gates;
        }
    }
}
