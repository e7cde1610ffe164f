using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Inverted residuals with linear bottlenecks. Sandler et al. 2018, "MobileNetV2", arXiv:1801.04381; names as timm's.
/// </summary>
public sealed partial class MobileNetV2 : ModelFamily
{
    /// <summary>The paper's table 2: channels, blocks and stride of each stage at width 1.</summary>
    static readonly (int Channels, int Blocks, int Stride)[] table =
        [(16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)];

    /// <summary>How a MobileNetV2 is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Channels of the first convolution. <value>32</value></summary>
        public int Stem { get; init; } = 32;

        /// <summary>Channels of the seven stages.</summary>
        public required IReadOnlyList<int> Widths { get; init; }

        /// <summary>Blocks of the seven stages. <value>1, 2, 3, 4, 3, 3, 1</value></summary>
        public IReadOnlyList<int> Depths { get; init; } = [.. table.Select(stage => stage.Blocks)];

        /// <summary>Channels of the last convolution. <value>1280</value></summary>
        public int Features { get; init; } = 1280;

        /// <summary>How many times a block widens its input. <value>6</value></summary>
        public double Expansion { get; init; } = 6;

        /// <summary>What widened channels are a multiple of. <value>8</value></summary>
        public int Divisor { get; init; } = 8;

        /// <summary>The least number of widened channels. <value>8</value></summary>
        public int MinDepth { get; init; } = 8;

        /// <summary>
        /// Whether the first block has a 1 x 1 before its depthwise convolution too, without widening.
        /// </summary>
        /// <value>false</value>
        public bool FirstExpands { get; init; }

        /// <summary>
        /// Whether the first block adds its input where the channels allow it; Hugging Face's never does.
        /// </summary>
        /// <value>true</value>
        public bool FirstResidual { get; init; } = true;

        /// <summary>Whether borders are TensorFlow's "same", which depends on the image's size. <value>false</value></summary>
        public bool SamePadding { get; init; }

        /// <summary>Added to variances: PyTorch's 1e-5; TensorFlow's weights want 1e-3. <value>1e-5</value></summary>
        public double Eps { get; init; } = 1e-5;

        /// <summary>The activation. <value>ReLU6</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Relu6;

        /// <summary>
        /// The image's size over the last stage's; later stages are dilated instead of strided.
        /// </summary>
        /// <value>32</value>
        public int OutputStride { get; init; } = 32;

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0</value>
        public double DropPath { get; init; }
    }

    /// <inheritdoc/>
    public override string Name => "mobilenet_v2";

    internal override ModelConfig? Dilated(ModelConfig config, int outputStride) =>
        (Config)config with { OutputStride = outputStride };

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    /// <summary>
    /// The nearest multiple of the divisor, at least the minimum, and not more than a tenth below: TensorFlow's rule.
    /// </summary>
    static int MakeDivisible(double channels, int divisor = 8, int minimum = 0)
    {
        if (minimum == 0) minimum = divisor;
        int rounded = Math.Max(minimum, (int)(channels + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * channels ? rounded + divisor : rounded;
    }

    sealed class Net : Backbone
    {
        readonly List<Module> layers = [];
        readonly PyramidTaps taps = new();

        public Net(ModulePath at, Config config) : base(at, config)
        {
            // Hugging Face gives TensorFlow's decay of 0.997 to PyTorch as a momentum, by which the last batch alone would count:
            // normalisations here keep PyTorch's 0.1
            Padding? same = config.SamePadding ? Padding.Same : null;
            layers.Add(new ConvNorm(
                at, "conv_stem", "bn1", config.InputChannels, config.Stem, kernel: 3, stride: 2, padding: same,
                activation: config.Activation, eps: config.Eps));

            List<LayerGroup> groups = [new LayerGroup("stem", [(at / "conv_stem").Name, (at / "bn1").Name])];
            int inputs = config.Stem, total = 2, dilation = 1, number = 0, count = config.Depths.Sum();
            for (int stage = 0; stage < config.Depths.Count; stage++)
            {
                ModulePath place = at / $"blocks.{stage}";
                Module[] blocks = new Module[config.Depths[stage]];
                for (int i = 0; i < blocks.Length; i++)
                {
                    int stride = i == 0 ? table[stage].Stride : 1, here = dilation;
                    if (stride > 1 && total >= config.OutputStride) (stride, dilation) = (1, dilation * stride);
                    total *= stride;
                    int expanded = stage > 0
                        ? MakeDivisible(Math.Round(inputs * config.Expansion), config.Divisor, config.MinDepth)
                        : config.FirstExpands ? inputs : 0;
                    blocks[i] = new Block(
                        place / i, config, first: number == 0, inputs, expanded, config.Widths[stage], stride, here,
                        config.DropPath * number++ / count);
                    inputs = config.Widths[stage];
                }
                layers.Add(new Sequential(place, blocks));
                taps.Add(layers.Count - 1, inputs, total);
                groups.Add(new LayerGroup(place.Name, [place.Name]));
            }
            Channels = config.Decoder is null ? config.Features : inputs;
            LayerGroups = groups;
            if (config.Decoder is not null) return;
            layers.Add(new ConvNorm(at, "conv_head", "bn2", inputs, config.Features, kernel: 1, activation: config.Activation,
                eps: config.Eps));
            groups.Add(new LayerGroup("conv_head", ["conv_head", "bn2"]));
        }

        public override int Channels { get; }
        public override string HeadPath => "classifier";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "MobileNetV2";
        internal override IReadOnlyList<string> ClassifierPaths => ["conv_head", "bn2", HeadPath];

        // [N, 3, H, W] -> [N, D, h, w]
        protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images);

        public override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

        internal override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

        internal override void Start(ulong seed) => StartConvolutions(seed);
    }

    /// <summary>
    /// The inverted residual: 1 x 1 to more channels, 3 x 3 on each by itself, 1 x 1 to few channels without an activation. The
    /// first block has nothing to widen, so its layers are numbered from the 3 x 3 on.
    /// </summary>
    sealed class Block : Module
    {
        readonly List<Module> layers = [];
        readonly DropPath? dropPath;
        readonly bool residual;

        public Block(
            ModulePath at, Config config, bool first, int inputs, int expanded, int outputs, int stride, int dilation,
            double drop) : base(at)
        {
            residual = stride == 1 && inputs == outputs && (!first || config.FirstResidual);
            ActivationKind activation = config.Activation;
            Padding? same = config.SamePadding ? Padding.Same : null;
            int wide = expanded > 0 ? expanded : inputs;
            string depthwise = expanded > 0 ? "bn2" : "bn1", project = expanded > 0 ? "conv_pwl" : "conv_pw";
            if (expanded > 0)
                layers.Add(new ConvNorm(at, "conv_pw", "bn1", inputs, wide, kernel: 1, activation: activation, eps: config.Eps));
            layers.Add(new ConvNorm(
                at, "conv_dw", depthwise, wide, wide, kernel: 3, stride, same, dilation, groups: wide, activation, config.Eps));
            layers.Add(new ConvNorm(at, project, expanded > 0 ? "bn3" : "bn2", wide, outputs, kernel: 1, eps: config.Eps));
            if (drop > 0 && residual) dropPath = new DropPath(at / "drop_path", drop);
        }

        protected override Tensor Compute(Tensor x)
        {
            Tensor y = layers.ForwardAll(x); // [N, O, H / stride, W / stride]
            if (dropPath is not null) y = y.Then(dropPath);
            return residual ? Precision.Sum(y, x) : y;
        }
    }
}
