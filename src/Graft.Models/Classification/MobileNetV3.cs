using Graft.Models.Classification.Mobile;
using Graft.Nn;
using Graft.Torch;
using static Graft.Models.Classification.Mobile.MobileBlockKind;

namespace Graft.Models.Classification;

/// <summary>
/// Inverted residuals found by search, some with squeeze-and-excitation, hard swish where it pays, and a last layer behind the
/// pool. Howard et al. 2019, "Searching for MobileNetV3", arXiv:1905.02244; names as timm's.
/// </summary>
public sealed partial class MobileNetV3 : ModelFamily
{
    const ActivationKind Re = ActivationKind.Relu;

    /// <summary>The paper's table 1: MobileNetV3-Large. Where nothing else stands, the activation is hard swish.</summary>
    static readonly MobileStage[][] large =
    [
        [new(Separable, 1, 3, 1, 1, 16) { Activation = Re }],
        [new(Inverted, 1, 3, 2, 4, 24) { Activation = Re }, new(Inverted, 1, 3, 1, 3, 24) { Activation = Re }],
        [new(Inverted, 3, 5, 2, 3, 40, 0.25) { Activation = Re }],
        [new(Inverted, 1, 3, 2, 6, 80), new(Inverted, 1, 3, 1, 2.5, 80), new(Inverted, 2, 3, 1, 2.3, 80)],
        [new(Inverted, 2, 3, 1, 6, 112, 0.25)],
        [new(Inverted, 3, 5, 2, 6, 160, 0.25)],
        [new(Plain, 1, 1, 1, 1, 960) { Skip = false }],
    ];

    /// <summary>The paper's table 2: MobileNetV3-Small.</summary>
    static readonly MobileStage[][] small =
    [
        [new(Separable, 1, 3, 2, 1, 16, 0.25) { Activation = Re }],
        [new(Inverted, 1, 3, 2, 4.5, 24) { Activation = Re }, new(Inverted, 1, 3, 1, 3.67, 24) { Activation = Re }],
        [new(Inverted, 1, 5, 2, 4, 40, 0.25), new(Inverted, 2, 5, 1, 6, 40, 0.25)],
        [new(Inverted, 2, 5, 1, 3, 48, 0.25)],
        [new(Inverted, 3, 5, 2, 6, 96, 0.25)],
        [new(Plain, 1, 1, 1, 1, 576) { Skip = false }],
    ];

    /// <summary>"Minimalistic": 3 x 3 windows, no squeeze-and-excitation, and ReLU throughout.</summary>
    static MobileStage[][] Minimal(MobileStage[][] table) => [.. table.Select(stage =>
        stage.Select(line => line with { Kernel = Math.Min(line.Kernel, 3), Squeeze = 0, Activation = null }).ToArray())];

    /// <summary>The large one as timm first had it: the first block is never a residual.</summary>
    static readonly MobileStage[][] first = [[large[0][0] with { Skip = false }], .. large[1..]];

    /// <summary>How a MobileNetV3 is built.</summary>
    public sealed record Config : MobileConfig
    {
        /// <summary>Whether the layer behind the pool has a bias. <value>true</value></summary>
        public bool HeadBias { get; init; } = true;
    }

    /// <inheritdoc/>
    public override string Name => "mobilenet_v3";

    internal override ModelConfig? Dilated(ModelConfig config, int outputStride) =>
        (Config)config with { OutputStride = outputStride };

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : MobileTrunk
    {
        readonly Linear? last;
        readonly ActivationKind activation;

        public Net(ModulePath at, Config config) : base(at, config)
        {
            activation = config.Activation;
            FinishedFeatures = config.Decoder is null ? config.Features : Width;
            if (config.Decoder is not null) return;
            last = new Linear(at / "conv_head", Width, config.Features, config.HeadBias);
            Add(new LayerGroup("conv_head", ["conv_head"]));
        }

        public override int Channels => Width;
        protected override int FinishedFeatures { get; }
        public override string Kind => "MobileNetV3";

        internal override IReadOnlyList<string> ClassifierPaths => ["conv_head", HeadPath];

        protected override Tensor Finish(Tensor pooled) => // [N, C] -> [N, D]
            last is null ? pooled : Activation.ApplyTo(activation, last.Forward(pooled));

        internal override void Start(ulong seed)
        {
            base.Start(seed);
            if (last is null) return;
            var init = new Initializer(seed, "conv_head");
            init.Normal(Path.Store.Find("conv_head.weight")!, 0.01);
            if (Path.Store.Find("conv_head.bias") is { } bias) Initializer.Constant(bias, 0);
        }
    }
}
