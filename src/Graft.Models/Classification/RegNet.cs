using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Residual networks whose widths follow a line, quantised to stages. Radosavovic et al. 2020, "Designing Network Design Spaces",
/// arXiv:2003.13678: X without, Y with squeeze-and-excitation. Names as timm's.
/// </summary>
public sealed partial class RegNet : ModelFamily
{
    /// <summary>How a RegNet is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Blocks in each stage.</summary>
        public required IReadOnlyList<int> Depths { get; init; }

        /// <summary>Channels that each stage gives.</summary>
        public required IReadOnlyList<int> Widths { get; init; }

        /// <summary>Groups of each stage's 3 x 3.</summary>
        public required IReadOnlyList<int> Groups { get; init; }

        /// <summary>Channels of the stem. <value>32</value></summary>
        public int Stem { get; init; } = 32;

        /// <summary>Channels within a block over those that it gives. <value>1</value></summary>
        public double Bottleneck { get; init; } = 1;

        /// <summary>
        /// Channels that squeeze-and-excitation squeezes to, over those that come into the block; 0 for X, which has none.
        /// </summary>
        /// <value>0</value>
        public double Squeeze { get; init; }

        /// <summary>Within blocks and after each sum. <value>ReLU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Relu;

        /// <summary>Within squeeze-and-excitation: Hugging Face always has ReLU there. <value>ReLU</value></summary>
        public ActivationKind SqueezeActivation { get; init; } = ActivationKind.Relu;

        /// <summary>Whether the first stage halves the size too. <value>true</value></summary>
        public bool FirstStageStrides { get; init; } = true;

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0</value>
        public double DropPath { get; init; }

        /// <summary>The line that the widths were made from; null where they were given.</summary>
        internal WidthLine? Line { get; init; }
    }

    /// <summary>The paper's four numbers, and the channels of a group.</summary>
    /// <param name="Depth">blocks</param>
    /// <param name="Initial">w0: the first block's width</param>
    /// <param name="Slope">wa: how much wider each block is than the one before it</param>
    /// <param name="Ratio">wm: what the widths are quantised by</param>
    /// <param name="GroupWidth">channels of one group</param>
    /// <param name="Bottleneck">channels within a block over those that it gives</param>
    /// <param name="AtLeast">
    /// whether a width is never made less than nine tenths of itself for its groups' sake, as torchvision has it
    /// </param>
    internal sealed record WidthLine(
        int Depth, int Initial, double Slope, double Ratio, int GroupWidth, double Bottleneck = 1, bool AtLeast = false)
    {
        /// <summary>Blocks, channels and groups of the stages: of blocks of the same quantised width.</summary>
        public Config Stages(Config config)
        {
            List<int> depths = [], widths = [], groups = [];
            int last = -1;
            for (int i = 0; i < Depth; i++)
            {
                double exponent = Math.Round(Math.Log((Initial + i * Slope) / Initial) / Math.Log(Ratio));
                int width = (int)(Math.Round(Initial * Math.Pow(Ratio, exponent) / 8) * 8);
                if (width == last)
                {
                    depths[^1]++;
                    continue;
                }
                last = width;
                // to the nearest width that groups divide
                int inner = (int)(width * Bottleneck), group = Math.Max(1, Math.Min(GroupWidth, inner));
                inner = AtLeast ? Divisible(inner, group) : (int)Math.Round(inner / (double)group) * group;
                depths.Add(1);
                widths.Add(Math.Max(1, (int)(inner / Bottleneck)));
                groups.Add(Math.Max(1, inner / group));
            }
            return config with { Depths = depths, Widths = widths, Groups = groups, Bottleneck = Bottleneck, Line = this };
        }

        static int Divisible(int channels, int divisor)
        {
            int rounded = (int)(channels + divisor / 2.0) / divisor * divisor;
            return rounded < 0.9 * channels ? rounded + divisor : rounded;
        }
    }

    /// <inheritdoc/>
    public override string Name => "regnet";

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly List<Module> layers = [];
        readonly PyramidTaps taps = new();

        public Net(ModulePath at, Config config) : base(at, config, "head.global_pool")
        {
            layers.Add(new ConvNorm(
                at / "stem", "conv", "bn", config.InputChannels, config.Stem, kernel: 3, stride: 2,
                activation: config.Activation));
            List<LayerGroup> groups = [new LayerGroup("stem", ["stem"])];
            int inputs = config.Stem, number = 0, blocks = config.Depths.Sum(), total = 2;
            taps.Add(0, inputs, total);
            for (int stage = 0; stage < config.Depths.Count; stage++)
            {
                ModulePath place = at / $"s{stage + 1}";
                Module[] parts = new Module[config.Depths[stage]];
                for (int i = 0; i < parts.Length; i++)
                {
                    double drop = blocks > 1 ? config.DropPath * number++ / (blocks - 1) : 0;
                    int stride = i == 0 && (stage > 0 || config.FirstStageStrides) ? 2 : 1;
                    parts[i] = new Block(
                        place / $"b{i + 1}", config, inputs, config.Widths[stage], stride, config.Groups[stage], drop);
                    inputs = config.Widths[stage];
                }
                layers.Add(new Sequential(place, parts));
                if (stage > 0 || config.FirstStageStrides) total *= 2;
                taps.Add(layers.Count - 1, inputs, total);
                groups.Add(new LayerGroup(place.Name, [place.Name]));
            }
            Channels = inputs;
            LayerGroups = groups;
        }

        public override int Channels { get; }
        public override string HeadPath => "head.fc";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "RegNet";

        protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images); // [N, 3, H, W] -> [N, C, h, w]

        public override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

        internal override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

        internal override void Start(ulong seed) => StartConvolutions(seed);
    }

    /// <summary>activation(x + f(x)), f of 1 x 1, 3 x 3 in groups, in Y squeeze-and-excitation, 1 x 1.</summary>
    sealed class Block : Module
    {
        readonly List<Module> layers = [];
        readonly ConvNorm? shortcut;
        readonly DropPath? dropPath;
        readonly ActivationKind activation;

        public Block(ModulePath at, Config config, int inputs, int outputs, int stride, int groups, double drop) : base(at)
        {
            activation = config.Activation;
            int inner = Inner(config, outputs);
            layers.Add(new ConvNorm(at / "conv1", "conv", "bn", inputs, inner, kernel: 1, activation: activation));
            layers.Add(new ConvNorm(
                at / "conv2", "conv", "bn", inner, inner, kernel: 3, stride, groups: groups, activation: activation));
            if (config.Squeeze > 0)
            {
                int squeezed = Math.Max(1, (int)Math.Round(inputs * config.Squeeze)); // halves to even, as Python rounds
                layers.Add(new SqueezeExcite(at / "se", inner, squeezed, config.SqueezeActivation));
            }
            layers.Add(new ConvNorm(at / "conv3", "conv", "bn", inner, outputs, kernel: 1));
            if (stride != 1 || inputs != outputs)
                shortcut = new ConvNorm(at / "downsample", "conv", "bn", inputs, outputs, kernel: 1, stride);
            if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
        }

        /// <summary>Channels within a block.</summary>
        public static int Inner(Config config, int outputs) => (int)Math.Round(outputs * config.Bottleneck);

        protected override Tensor Compute(Tensor x)
        {
            Tensor y = layers.ForwardAll(x); // [N, O, H / stride, W / stride]
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
}
