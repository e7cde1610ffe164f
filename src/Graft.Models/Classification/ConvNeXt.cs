using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// A residual network modernised step by step until it matches vision transformers. Liu et al. 2022, "A ConvNet for the 2020s",
/// arXiv:2201.03545; the sizes below tiny, and the overlapping stems, are timm's. ConvNeXt V2 normalises the response of each
/// channel within the block, in place of the layer scale: Woo et al. 2023, arXiv:2301.00808. Names as timm's.
/// </summary>
public sealed partial class ConvNeXt : ModelFamily
{
    /// <summary>How an image is cut into the first stage's pixels, a quarter of its size.</summary>
    public enum StemKind
    {
        /// <summary>Patches that do not overlap, then the norm.</summary>
        Patch,

        /// <summary>Two of 3 x 3 with stride 2, then the norm: timm's <c>overlap</c> and <c>overlap_tiered</c>.</summary>
        Overlap,

        /// <summary>The same with an activation between the two: timm's <c>overlap_act</c>.</summary>
        OverlapActivation,
    }

    /// <summary>How a ConvNeXt is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Blocks in each stage.</summary>
        public required IReadOnlyList<int> Depths { get; init; }

        /// <summary>Channels of each stage.</summary>
        public required IReadOnlyList<int> Widths { get; init; }

        /// <summary>Sides of each stage's depthwise window; one for all. <value>[7]</value></summary>
        public IReadOnlyList<int> Kernels { get; init; } = [7];

        /// <summary>How an image is cut. <value><see cref="StemKind.Patch"/></value></summary>
        public StemKind Stem { get; init; }

        /// <summary>Sides of a patch. <value>4</value></summary>
        public int Patch { get; init; } = 4;

        /// <summary>
        /// Channels between the two convolutions of an overlapping stem.
        /// </summary>
        /// <value>0: those of the first stage</value>
        public int StemWidth { get; init; }

        /// <summary>
        /// Whether the first stage halves the size too, as timm's does after patches of 2.
        /// </summary>
        /// <value>false</value>
        public bool FirstStageStrides { get; init; }

        /// <summary>The layer scale's first value; null for none. <value>1e-6</value></summary>
        public double? LayerScale { get; init; } = 1e-6;

        /// <summary>Whether blocks have V2's global response normalisation. <value>false</value></summary>
        public bool ResponseNorm { get; init; }

        /// <summary>Added to the variances of all norms but the last. <value>1e-6</value></summary>
        public double Eps { get; init; } = 1e-6;

        /// <summary>Added to the variance of the last norm: Hugging Face has 1e-12. <value>1e-6</value></summary>
        public double LastEps { get; init; } = 1e-6;

        /// <summary>Whether convolutions have biases. <value>true</value></summary>
        public bool Bias { get; init; } = true;

        /// <summary>The activation within blocks. <value>GELU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

        /// <summary>Whether the last norm comes before the pool, not after it. <value>false</value></summary>
        public bool NormBeforePool { get; init; }

        /// <summary>Features of one more layer before the head; 0 for none. <value>0</value></summary>
        public int HeadHidden { get; init; }

        /// <summary>Whether timm holds the two linear layers of a block as convolutions of 1 x 1. <value>false</value></summary>
        public bool ConvolutionsInBlocks { get; init; }

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0</value>
        public double DropPath { get; init; }
    }

    /// <inheritdoc/>
    public override string Name => "convnext";

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly List<Module> layers = [], last = [];
        readonly PyramidTaps taps = new();

        public Net(ModulePath at, Config config) : base(at, config, "head.global_pool")
        {
            layers.AddRange(BuildStem(at / "stem", config));
            List<LayerGroup> groups = [new LayerGroup("stem", [(at / "stem").Name])];
            int inputs = config.Widths[0], number = 0, blocks = config.Depths.Sum();
            int total = config.Stem == StemKind.Patch ? config.Patch : 4;
            for (int stage = 0; stage < config.Depths.Count; stage++)
            {
                ModulePath place = at / $"stages.{stage}";
                List<Module> parts = [];
                int outputs = config.Widths[stage];
                if (stage > 0 || config.FirstStageStrides)
                {
                    parts.Add(new LayerNorm2d(place / "downsample.0", inputs, config.Eps));
                    parts.Add(new Conv2d(
                        place / "downsample.1", inputs, outputs, kernel: 2, stride: 2, padding: 0, bias: config.Bias));
                }
                int kernel = config.Kernels[Math.Min(stage, config.Kernels.Count - 1)];
                for (int i = 0; i < config.Depths[stage]; i++)
                {
                    double drop = blocks > 1 ? config.DropPath * number++ / (blocks - 1) : 0;
                    parts.Add(new Block(place / $"blocks.{i}", config, outputs, kernel, drop));
                }
                inputs = outputs;
                layers.Add(new Sequential(place, parts));
                if (stage > 0 || config.FirstStageStrides) total *= 2;
                taps.Add(layers.Count - 1, outputs, total);
                groups.Add(new LayerGroup(place.Name, [place.Name]));
            }
            // the norm after the last stage is trained with that stage: by itself it is no layer worth freeing
            groups[^1] = groups[^1] with
            {
                Paths = [groups[^1].Name, (at / "norm_pre").Name, (at / "head.norm").Name, (at / "head.pre_logits").Name],
            };
            if (config.NormBeforePool)
            {
                layers.Add(new LayerNorm2d(at / "norm_pre", inputs, config.LastEps));
                taps.Add(layers.Count - 1, inputs, total);
            }
            bool classifies = config.Decoder is null;
            if (classifies && !config.NormBeforePool) last.Add(new LayerNorm(at / "head.norm", inputs, config.LastEps));
            if (classifies && config.HeadHidden > 0)
            {
                last.Add(new Linear(at / "head.pre_logits.fc", inputs, config.HeadHidden));
                last.Add(new Activation(at / "head.pre_logits.act", ActivationKind.Gelu));
            }
            Channels = inputs;
            FinishedFeatures = classifies && config.HeadHidden > 0 ? config.HeadHidden : inputs;
            LayerGroups = groups;
        }

        public override int Channels { get; }
        public override string HeadPath => "head.fc";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "ConvNeXt";
        internal override IReadOnlyList<string> ClassifierPaths => ["head"];
        internal override int BlocksPerDepth => 3;
        internal override bool LastNormHasHeadsDepth => true;

        protected override int FinishedFeatures { get; }

        // [N, 3, H, W] -> [N, C, h, w]
        protected internal override Tensor Map(Tensor images) => layers.ForwardAll(images);

        public override IReadOnlyList<PyramidLevel> Levels => taps.Levels;

        // patches and halvings do not overlap: what is left over would be cut off
        internal override int PyramidUnit => Levels[^1].Stride;

        internal override Tensor[] Stages(Tensor images) => taps.Run(layers, images);

        protected override Tensor Finish(Tensor pooled) => last.ForwardAll(pooled); // [N, C] -> [N, D]

        /// <summary>Weights start as N(0, 0.02) cut at 2, biases as 0, as the paper's code has them.</summary>
        internal override void Start(ulong seed)
        {
            foreach (Parameter parameter in Path.Store.All)
                if (parameter.Shape.Length > 1) new Initializer(seed, parameter.Name).TruncatedNormal(parameter, 0.02);
                else if (parameter.Name.EndsWith(".bias", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
        }

        static IEnumerable<Module> BuildStem(ModulePath at, Config config)
        {
            int width = config.Widths[0];
            if (config.Stem == StemKind.Patch)
            {
                yield return new Conv2d(
                    at / 0, config.InputChannels, width, config.Patch, stride: config.Patch, padding: 0, bias: config.Bias);
                yield return new LayerNorm2d(at / 1, width, config.Eps);
                yield break;
            }
            int middle = config.StemWidth > 0 ? config.StemWidth : width, next = 0;
            yield return new Conv2d(
                at / next++, config.InputChannels, middle, kernel: 3, stride: 2, padding: 1, bias: config.Bias);
            if (config.Stem == StemKind.OverlapActivation) yield return new Activation(at / next++, config.Activation);
            yield return new Conv2d(at / next++, middle, width, kernel: 3, stride: 2, padding: 1, bias: config.Bias);
            yield return new LayerNorm2d(at / next, width, config.Eps);
        }
    }

    /// <summary>
    /// x + scale(linear(activation(linear(norm(depthwise(x)))))): the inverted bottleneck, widening four times.
    /// </summary>
    sealed class Block : Module
    {
        readonly Conv2d depthwise;
        readonly LayerNorm norm;
        readonly Linear widen, narrow;
        readonly GlobalResponseNorm? response;
        readonly LayerScale? scale;
        readonly DropPath? dropPath;
        readonly ActivationKind activation;

        public Block(ModulePath at, Config config, int channels, int kernel, double drop) : base(at)
        {
            activation = config.Activation;
            depthwise = new Conv2d(at / "conv_dw", channels, channels, kernel, groups: channels, bias: config.Bias);
            norm = new LayerNorm(at / "norm", channels, config.Eps);
            widen = new Linear(at / "mlp.fc1", channels, 4 * channels);
            if (config.ResponseNorm) response = new GlobalResponseNorm(at / "mlp.grn", 4 * channels);
            narrow = new Linear(at / "mlp.fc2", 4 * channels, channels);
            if (config.LayerScale is { } initial) scale = new LayerScale(at, channels, initial);
            if (drop > 0) dropPath = new DropPath(at / "drop_path", drop);
        }

        protected override Tensor Compute(Tensor x)
        {
            using Tensor mixed = depthwise.Forward(x); // [N, C, H, W]
            using Tensor pixels = mixed.Permute(0, 2, 3, 1); // [N, H, W, C]
            Tensor y = norm.Forward(pixels).Then(widen); // [N, H, W, 4C]
            y = Activation.ApplyTo(activation, y); // [N, H, W, 4C]
            if (response is not null) y = y.Then(response);
            y = y.Then(narrow); // [N, H, W, C]
            if (scale is not null) y = y.Then(scale);
            if (dropPath is not null) y = y.Then(dropPath);
            using Tensor change = y.Permute(0, 3, 1, 2); // [N, C, H, W]
            y.Dispose();
            return change + x;
        }
    }
}
