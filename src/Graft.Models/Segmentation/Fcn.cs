using System.Text.Json;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// A dilated trunk, 3 x 3 to a quarter of its channels, and a class for every pixel. Long et al. 2014, "Fully Convolutional
/// Networks for Semantic Segmentation", arXiv:1411.4038, in torchvision's form, whose names it has.
/// </summary>
public sealed class Fcn : TrunkFamily
{
    /// <summary>How a fully convolutional network is built: its trunk decides all.</summary>
    public sealed record Config : TrunkConfig;

    /// <inheritdoc/>
    public override string Name => "fcn";

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Variant("fcn_resnet50", 35_322_218, () => new Config { Trunk = Trunk.TorchVision("resnet50").Dilated() }),
        Variant("fcn_resnet101", 54_314_346, () => new Config { Trunk = Trunk.TorchVision("resnet101").Dilated() }),
    ];

    IReadOnlyList<ModelVariant>? variants;

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    internal override string HeadPath => FcnBranch.HeadPath(Decoder);

    internal override string Sign => Decoder + ".0.weight";

    internal override TrunkConfig? Measured(TensorNames tensors, Trunk trunk) => new Config { Trunk = trunk };

    internal override void Write(ModelConfig config, Utf8JsonWriter writer) => ((Config)config).Trunk.Write(writer);

    internal override ModelConfig Read(ConfigReader config) => new Config { Trunk = Trunk.Read(config) };

    sealed class Net : TrunkNet
    {
        readonly FcnBranch branch;

        public Net(ModulePath root, Config config) : base(root, config)
        {
            branch = new FcnBranch(root / Decoder, Trunk.Channels);
            HeadMaps = [(FcnBranch.HeadPath(Decoder), branch.Channels)];
        }

        protected override IReadOnlyList<(string Path, int Channels)> HeadMaps { get; }

        protected override IReadOnlyList<string> OwnDecoderPaths => branch.Paths;

        public override string Kind => "FCN";

        protected override IReadOnlyList<Tensor> Decode(Tensor last, Tensor middle) => [branch.Forward(last)];
    }
}
