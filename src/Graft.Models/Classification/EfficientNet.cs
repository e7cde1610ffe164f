using Graft.Models.Classification.Mobile;
using Graft.Nn;
using static Graft.Models.Classification.Mobile.MobileBlockKind;

namespace Graft.Models.Classification;

/// <summary>
/// Inverted residuals with squeeze-and-excitation, scaled in width, depth and resolution together. Tan and Le 2019,
/// "EfficientNet", arXiv:1905.11946; with fused blocks at the start, Tan and Le 2021, "EfficientNetV2", arXiv:2104.00298. Names
/// as timm's.
/// </summary>
public sealed partial class EfficientNet : ModelFamily
{
    /// <summary>The first paper's table 1: B0, from which B1 to B8 and L2 are scaled.</summary>
    static readonly MobileStage[][] base1 = Lines(
        new(Separable, 1, 3, 1, 1, 16, 0.25),
        new(Inverted, 2, 3, 2, 6, 24, 0.25),
        new(Inverted, 2, 5, 2, 6, 40, 0.25),
        new(Inverted, 3, 3, 2, 6, 80, 0.25),
        new(Inverted, 3, 5, 1, 6, 112, 0.25),
        new(Inverted, 4, 5, 2, 6, 192, 0.25),
        new(Inverted, 1, 3, 1, 6, 320, 0.25));

    /// <summary>EfficientNet-Lite: B0 without squeeze-and-excitation, for machines that are slow at it.</summary>
    static readonly MobileStage[][] lite = Lines([.. base1.Select(stage => stage[0] with { Squeeze = 0 })]);

    /// <summary>
    /// EfficientNet-EdgeTPU. Gupta and Tan 2019. Its first block widens what the stem would have if it had 24 channels.
    /// </summary>
    static readonly MobileStage[][] edge = Lines(
        new(Fused, 1, 3, 1, 4, 24) { Skip = false, ExpandFrom = 24 },
        new(Fused, 2, 3, 2, 8, 32),
        new(Fused, 4, 3, 2, 8, 48),
        new(Inverted, 5, 5, 2, 8, 96),
        new(Inverted, 4, 5, 1, 8, 144),
        new(Inverted, 2, 5, 2, 8, 192));

    /// <summary>The second paper's base, from which V2-B0 to B3 are scaled.</summary>
    static readonly MobileStage[][] base2 = Lines(
        new(Plain, 1, 3, 1, 1, 16),
        new(Fused, 2, 3, 2, 4, 32),
        new(Fused, 2, 3, 2, 4, 48),
        new(Inverted, 3, 3, 2, 4, 96, 0.25),
        new(Inverted, 5, 3, 1, 6, 112, 0.25),
        new(Inverted, 8, 3, 2, 6, 192, 0.25));

    /// <summary>The second paper's table 4: V2-S.</summary>
    static readonly MobileStage[][] small2 = Lines(
        new(Plain, 2, 3, 1, 1, 24),
        new(Fused, 4, 3, 2, 4, 48),
        new(Fused, 4, 3, 2, 4, 64),
        new(Inverted, 6, 3, 2, 4, 128, 0.25),
        new(Inverted, 9, 3, 1, 6, 160, 0.25),
        new(Inverted, 15, 3, 2, 6, 256, 0.25));

    /// <summary>V2-S as timm first had it, from the paper's figure: fused blocks from the start, and a wider end.</summary>
    static readonly MobileStage[][] figure2 =
        [[new(Fused, 2, 3, 1, 1, 24)], .. small2[1..^1], [new(Inverted, 15, 3, 2, 6, 272, 0.25)]];

    /// <summary>V2-M.</summary>
    static readonly MobileStage[][] medium2 = Lines(
        new(Plain, 3, 3, 1, 1, 24),
        new(Fused, 5, 3, 2, 4, 48),
        new(Fused, 5, 3, 2, 4, 80),
        new(Inverted, 7, 3, 2, 4, 160, 0.25),
        new(Inverted, 14, 3, 1, 6, 176, 0.25),
        new(Inverted, 18, 3, 2, 6, 304, 0.25),
        new(Inverted, 5, 3, 1, 6, 512, 0.25));

    /// <summary>V2-L.</summary>
    static readonly MobileStage[][] large2 = Lines(
        new(Plain, 4, 3, 1, 1, 32),
        new(Fused, 7, 3, 2, 4, 64),
        new(Fused, 7, 3, 2, 4, 96),
        new(Inverted, 10, 3, 2, 4, 192, 0.25),
        new(Inverted, 19, 3, 1, 6, 224, 0.25),
        new(Inverted, 25, 3, 2, 6, 384, 0.25),
        new(Inverted, 7, 3, 1, 6, 640, 0.25));

    /// <summary>V2-XL.</summary>
    static readonly MobileStage[][] extraLarge2 = Lines(
        new(Plain, 4, 3, 1, 1, 32),
        new(Fused, 8, 3, 2, 4, 64),
        new(Fused, 8, 3, 2, 4, 96),
        new(Inverted, 16, 3, 2, 4, 192, 0.25),
        new(Inverted, 24, 3, 1, 6, 256, 0.25),
        new(Inverted, 32, 3, 2, 6, 512, 0.25),
        new(Inverted, 8, 3, 1, 6, 640, 0.25));

    /// <summary>timm's smallest, for tests.</summary>
    static readonly MobileStage[][] test = Lines(
        new(Plain, 1, 3, 1, 1, 16),
        new(Fused, 1, 3, 2, 4, 24),
        new(Fused, 1, 3, 2, 4, 32),
        new(Inverted, 1, 3, 2, 4, 48, 0.25),
        new(Inverted, 1, 3, 2, 4, 64, 0.25));

    static MobileStage[][] Lines(params MobileStage[] lines) => [.. lines.Select(line => new[] { line })];

    /// <summary>How an EfficientNet is built.</summary>
    public sealed record Config : MobileConfig
    {
        /// <summary>Whether features are the maxima of the last map, not its means. <value>false</value></summary>
        public bool MaxPool { get; init; }
    }

    /// <inheritdoc/>
    public override string Name => "efficientnet";

    internal override ModelConfig? Dilated(ModelConfig config, int outputStride) =>
        (Config)config with { OutputStride = outputStride };

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : MobileTrunk
    {
        public Net(ModulePath at, Config config) : base(at, config)
        {
            OwnPool = config.MaxPool ? PoolKind.Max : PoolKind.Average;
            Channels = config.Decoder is null ? config.Features : Width;
            if (config.Decoder is not null) return;
            Add(new ConvNorm(
                at, "conv_head", "bn2", Width, config.Features, kernel: 1, activation: config.Activation, eps: config.Eps,
                momentum: config.Momentum));
            Add(new LayerGroup("conv_head", ["conv_head", "bn2"]));
        }

        public override int Channels { get; }
        protected override PoolKind OwnPool { get; }
        public override string Kind => "EfficientNet";
        internal override IReadOnlyList<string> ClassifierPaths => ["conv_head", "bn2", HeadPath];
    }
}
