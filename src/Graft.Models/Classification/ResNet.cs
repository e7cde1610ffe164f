using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Residual networks. He et al. 2015, "Deep Residual Learning for Image Recognition", arXiv:1512.03385; strided in the 3 x 3 as
/// torchvision has it (1.5); with the deep stem and averaged shortcuts of He et al. 2018 (the "d" variants, arXiv:1812.01187),
/// the groups of ResNeXt (Xie et al. 2016, arXiv:1611.05431), the widths of wide ResNets (Zagoruyko and Komodakis 2016,
/// arXiv:1605.07146), squeeze-and-excitation (Hu et al. 2018, arXiv:1709.01507) and the recipe of ResNet-RS (Bello et al. 2021,
/// arXiv:2103.07579).
/// </summary>
public sealed partial class ResNet : ModelFamily
{
    /// <summary>How an image enters the first stage.</summary>
    public enum StemKind
    {
        /// <summary>7 x 7, stride 2, then the maximum of 3 x 3 with stride 2.</summary>
        Plain,

        /// <summary>Three of 3 x 3, the first with stride 2, then the maximum of 3 x 3 with stride 2.</summary>
        Deep,

        /// <summary>One of 3 x 3 without stride: the paper's networks for images of 32 x 32.</summary>
        Cifar,
    }

    /// <summary>What weighs the channels at a block's end.</summary>
    public enum AttentionKind
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Squeeze-and-excitation: two layers over all channels.</summary>
        SqueezeExcite,

        /// <summary>ECA: a small convolution over neighbouring channels.</summary>
        Efficient,
    }

    /// <summary>How a residual network is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Blocks in each stage.</summary>
        public required IReadOnlyList<int> Depths { get; init; }

        /// <summary>Channels that each stage gives.</summary>
        public required IReadOnlyList<int> Widths { get; init; }

        /// <summary>
        /// For each stage, whether its blocks are 1 x 1, 3 x 3, 1 x 1 with a quarter of the channels inside; else two of 3 x 3.
        /// </summary>
        public required IReadOnlyList<bool> Bottlenecks { get; init; }

        /// <summary>How an image enters. <value><see cref="StemKind.Plain"/></value></summary>
        public StemKind Stem { get; init; }

        /// <summary>
        /// Channels of the stem's convolutions: one, or three for <see cref="StemKind.Deep"/>.
        /// </summary>
        /// <value>[64]</value>
        public IReadOnlyList<int> StemWidths { get; init; } = [64];

        /// <summary>Groups of the bottlenecks' 3 x 3. <value>1</value></summary>
        public int Groups { get; init; } = 1;

        /// <summary>Width of one group in the first stage. <value>64</value></summary>
        public int GroupWidth { get; init; } = 64;

        /// <summary>Whether shortcuts average 2 x 2 before their 1 x 1, in place of its stride. <value>false</value></summary>
        public bool AveragedShortcuts { get; init; }

        /// <summary>What weighs the channels at a block's end.</summary>
        /// <value><see cref="AttentionKind.None"/></value>
        public AttentionKind Attention { get; init; }

        /// <summary>Channels that squeeze-and-excitation squeezes to, over those that it weighs. <value>1/16</value></summary>
        public double SqueezeRatio { get; init; } = 1 / 16.0;

        /// <summary>
        /// Whether a 3 x 3 convolution with stride 2 stands in place of the stem's pool, as in ResNet-RS.
        /// </summary>
        /// <value>false</value>
        public bool ConvolvedPool { get; init; }

        /// <summary>
        /// Whether shortcuts take every second pixel and fill up with zero channels: the paper's option A.
        /// </summary>
        /// <value>false</value>
        public bool PaddedShortcuts { get; init; }

        /// <summary>
        /// Whether a bottleneck's stride is in its first 1 x 1, as in the paper, not in its 3 x 3.
        /// </summary>
        /// <value>false</value>
        public bool StrideFirst { get; init; }

        /// <summary>Whether the first stage halves the size too. <value>false</value></summary>
        public bool FirstStageStrides { get; init; }

        /// <summary>After the stem and after each sum. <value>ReLU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Relu;

        /// <summary>Within a block: Hugging Face always has ReLU there. <value>ReLU</value></summary>
        public ActivationKind InnerActivation { get; init; } = ActivationKind.Relu;

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
    public override string Name => "resnet";

    internal override ModelConfig? Dilated(ModelConfig config, int outputStride) =>
        (Config)config with { OutputStride = outputStride };

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly List<Module> layers = [];
        readonly PyramidTaps taps = new();

        public Net(ModulePath at, Config config) : base(at, config, "avgpool")
        {
            IReadOnlyList<int> stem = config.StemWidths;
            ActivationKind activation = config.Activation;
            if (config.Stem == StemKind.Cifar)
                layers.Add(new ConvNorm(at, "conv1", "bn1", config.InputChannels, stem[0], kernel: 3, activation: activation));
            if (config.Stem == StemKind.Plain)
                layers.Add(new ConvNorm(
                    at, "conv1", "bn1", config.InputChannels, stem[0], kernel: 7, stride: 2, activation: activation));
            if (config.Stem == StemKind.Deep)
            {
                layers.Add(new ConvNorm(
                    at, "conv1.0", "conv1.1", config.InputChannels, stem[0], kernel: 3, stride: 2, activation: activation));
                layers.Add(new ConvNorm(at, "conv1.3", "conv1.4", stem[0], stem[1], kernel: 3, activation: activation));
                layers.Add(new ConvNorm(at, "conv1.6", "bn1", stem[1], stem[2], kernel: 3, activation: activation));
            }
            taps.Add(layers.Count - 1, stem[^1], config.Stem == StemKind.Cifar ? 1 : 2);
            if (config.ConvolvedPool)
                layers.Add(new ConvNorm(
                    at / "maxpool", "0", "1", stem[^1], stem[^1], kernel: 3, stride: 2, activation: activation));
            else if (config.Stem != StemKind.Cifar) layers.Add(new MaxPool2d(at / "maxpool", kernel: 3, stride: 2, padding: 1));

            List<LayerGroup> groups = [new LayerGroup("stem", [(at / "conv1").Name, (at / "bn1").Name, (at / "maxpool").Name])];
            int inputs = stem[^1], total = config.Stem == StemKind.Cifar ? 1 : 4, dilation = 1;
            int number = 0, last = config.Depths.Sum() - 1;
            for (int stage = 0; stage < config.Depths.Count; stage++)
            {
                bool halves = stage > 0 || config.FirstStageStrides;
                int stride = halves ? 2 : 1, before = dilation;
                bool dilates = config.OutputStride < 32 && total >= config.OutputStride;
                if (dilates) (stride, dilation) = (1, dilation * stride);
                total *= stride;
                ModulePath place = at / $"layer{stage + 1}";
                Module[] blocks = new Module[config.Depths[stage]];
                for (int i = 0; i < blocks.Length; i++)
                {
                    double drop = last > 0 ? config.DropPath * number++ / last : 0;
                    blocks[i] = new Block(
                        place / i, config, config.Bottlenecks[stage], inputs, config.Widths[stage], i == 0 ? stride : 1,
                        i == 0 ? before : dilation, dilation, drop, halves && i == 0);
                    inputs = config.Widths[stage];
                }
                layers.Add(new Sequential(place, blocks));
                taps.Add(layers.Count - 1, inputs, total);
                groups.Add(new LayerGroup(place.Name, [place.Name]));
            }
            Channels = inputs;
            LayerGroups = groups;
            Middle = (layers.Count - 2, config.Widths[Math.Max(0, config.Widths.Count - 2)]);
        }

        public override int Channels { get; }
        internal override IReadOnlyList<Module> Chain => layers;
        internal override (int Layer, int Channels) Middle { get; }
        public override string HeadPath => "fc";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "ResNet";

        // [N, 3, H, W] -> [N, D, h, w]
        protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images);

        public override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

        internal override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

        internal override void Start(ulong seed) => StartConvolutions(seed);
    }

    /// <summary>A residual block: activation(x + f(x)), f of two 3 x 3, or of 1 x 1, 3 x 3, 1 x 1.</summary>
    sealed class Block : Module
    {
        readonly ConvNorm[] layers;
        readonly Module? attention, shortcut;
        readonly DropPath? dropPath;
        readonly ActivationKind activation;

        public Block(
            ModulePath at, Config config, bool bottleneck, int inputs, int outputs, int stride, int firstDilation, int dilation,
            double drop, bool halves) : base(at)
        {
            activation = config.Activation;
            ActivationKind inner = config.InnerActivation;
            if (bottleneck)
            {
                int width = (int)Math.Floor(outputs / 4 * (config.GroupWidth / 64.0)) * config.Groups;
                (int first, int second) = config.StrideFirst ? (stride, 1) : (1, stride);
                layers =
                [
                    new ConvNorm(at, "conv1", "bn1", inputs, width, kernel: 1, first, activation: inner),
                    new ConvNorm(
                        at, "conv2", "bn2", width, width, kernel: 3, second, dilation: firstDilation, groups: config.Groups,
                        activation: inner),
                    new ConvNorm(at, "conv3", "bn3", width, outputs, kernel: 1),
                ];
            }
            else
            {
                layers =
                [
                    new ConvNorm(
                        at, "conv1", "bn1", inputs, outputs, kernel: 3, stride, dilation: firstDilation, activation: inner),
                    new ConvNorm(at, "conv2", "bn2", outputs, outputs, kernel: 3, dilation: dilation),
                ];
            }
            if (config.Attention == AttentionKind.SqueezeExcite)
                attention = new SqueezeExcite(at / "se", outputs, Squeezed(outputs, config.SqueezeRatio));
            if (config.Attention == AttentionKind.Efficient) attention = new EfficientChannelAttention(at / "se", outputs);
            // what gave its stride up for a dilation keeps the shortcut that its weights were trained with
            if (halves || inputs != outputs)
            {
                shortcut = config.PaddedShortcuts ? new PaddedShortcut(at / "shortcut", stride, outputs - inputs)
                    : config.AveragedShortcuts ? new AveragedShortcut(at / "downsample", inputs, outputs, stride)
                    : new ConvNorm(at / "downsample", "0", "1", inputs, outputs, kernel: 1, stride);
            }
            if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
        }

        protected override Tensor Compute(Tensor x)
        {
            Tensor y = layers.ForwardAll(x); // [N, O, H / stride, W / stride]
            if (attention is not null) y = y.Then(attention);
            if (dropPath is not null) y = y.Then(dropPath);
            if (shortcut is null) return Activate(Precision.Sum(y, x));
            using Tensor around = shortcut.Forward(x); // [N, O, H / stride, W / stride]
            return Activate(Precision.Sum(y, around));
        }

        Tensor Activate(Tensor sum)
        {
            Tensor y = Activation.ApplyTo(activation, sum);
            Report("act", Activation.NameOf(activation), y, y);
            return y;
        }
    }

    /// <summary>timm's rounding to multiples of 8.</summary>
    internal static int Squeezed(int channels, double ratio) => Math.Max(8, (int)(channels * ratio + 4) / 8 * 8);

    /// <summary>The mean of 2 x 2, then 1 x 1: nothing is thrown away. timm's <c>avg_down</c>; padding is not counted.</summary>
    sealed class AveragedShortcut(ModulePath at, int inputs, int outputs, int stride) : Module(at)
    {
        readonly AvgPool2d? pool = stride > 1 ? new(at / "0", stride, stride, ceilMode: true, countPadding: false) : null;
        readonly ConvNorm project = new(at, "1", "2", inputs, outputs, kernel: 1);

        protected override Tensor Compute(Tensor x)
        {
            if (pool is null) return project.Forward(x);
            using Tensor smaller = pool.Forward(x); // [N, C, H / 2, W / 2]
            return project.Forward(smaller);
        }
    }

    /// <summary>
    /// Every second pixel, with as many zero channels before as after: the paper's option A, which has no weights.
    /// </summary>
    sealed class PaddedShortcut(ModulePath at, int stride, int missing) : Module(at)
    {
        protected override Tensor Compute(Tensor x)
        {
            using Tensor rows = x.Slice(2, 0, x.Size(2), stride);
            using Tensor pixels = rows.Slice(3, 0, x.Size(3), stride); // [N, C, H / stride, W / stride]
            (long n, long h, long w) = (pixels.Size(0), pixels.Size(2), pixels.Size(3));
            using Tensor before = Tensor.Zeros([n, missing / 2, h, w], x.DType, x.Device);
            using Tensor after = Tensor.Zeros([n, missing - missing / 2, h, w], x.DType, x.Device);
            return Tensor.Cat([before, pixels, after], 1); // [N, O, H / stride, W / stride]
        }
    }
}
