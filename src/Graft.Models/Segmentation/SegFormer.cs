using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// A hierarchy of transformers on overlapping patches, which need no positions, and a decoder of linear layers alone. Xie et al.
/// 2021, "SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers", arXiv:2105.15203, as transformers
/// has it. The encoder by itself (Mix Transformer, MiT) is a classifier too. Its logits have a quarter of the image's size.
/// </summary>
public sealed partial class SegFormer : ModelFamily
{
    const double Eps = 1e-5; // transformers does not heed its configuration's
    const int MaxStages = 8;

    /// <summary>How a SegFormer is built. Lists have one number for each stage.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Whether the paper's decoder stands on the encoder; else it is a classifier.</summary>
        public required bool Decodes { get; init; }

        /// <summary>Blocks. <value>2, 2, 2, 2</value></summary>
        public IReadOnlyList<int> Depths { get; init; } = [2, 2, 2, 2];

        /// <summary>Channels of a token. <value>32, 64, 160, 256</value></summary>
        public IReadOnlyList<int> Widths { get; init; } = [32, 64, 160, 256];

        /// <summary>Heads of each attention. <value>1, 2, 5, 8</value></summary>
        public IReadOnlyList<int> Heads { get; init; } = [1, 2, 5, 8];

        /// <summary>How many times fewer keys than queries there are, along each side. <value>8, 4, 2, 1</value></summary>
        public IReadOnlyList<int> Reductions { get; init; } = [8, 4, 2, 1];

        /// <summary>Both sides of the patches, which overlap. <value>7, 3, 3, 3</value></summary>
        public IReadOnlyList<int> Patches { get; init; } = [7, 3, 3, 3];

        /// <summary>Both steps from patch to patch. <value>4, 2, 2, 2</value></summary>
        public IReadOnlyList<int> Strides { get; init; } = [4, 2, 2, 2];

        /// <summary>Features within the feed-forward parts, over the channels. <value>4, 4, 4, 4</value></summary>
        public IReadOnlyList<double> MlpRatios { get; init; } = [4, 4, 4, 4];

        /// <summary>In the feed-forward parts. <value>GELU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

        /// <summary>Channels of the decoder. <value>256</value></summary>
        public int DecoderWidth { get; init; } = 256;

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0.1</value>
        public double DropPath { get; init; } = 0.1;
    }

    /// <inheritdoc/>
    public override string Name => "segformer";

    /// <inheritdoc/>
    public override bool Segments(ModelConfig config) => ((Config)config).Decodes || base.Segments(config);

    internal override ModelConfig? ForSegmentation(ModelConfig config) =>
        (Config)config with { Decodes = true, Dropout = DecoderDropout };

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    sealed class Net : Backbone
    {
        readonly Config config;
        readonly Stage[] stages;
        readonly AllMlpDecoder? decoder;

        public Net(ModulePath at, Config config) : base(at, config)
        {
            this.config = config;
            int count = config.Depths.Count, number = 0, blocks = config.Depths.Sum();
            stages = new Stage[count];
            List<LayerGroup> groups = [];
            for (int i = 0; i < count; i++)
            {
                double[] drops = [.. Enumerable.Range(0, config.Depths[i])
                    .Select(_ => blocks > 1 ? config.DropPath * number++ / (blocks - 1) : 0)];
                stages[i] = new Stage(at / $"stages.{i}", config, i, drops);
                groups.Add(new LayerGroup(stages[i].Path.Name, [stages[i].Path.Name]));
            }
            if (config.Decodes)
            {
                decoder = new AllMlpDecoder(at / Decoder, config.Widths, config.DecoderWidth);
                groups.Add(new LayerGroup("decoder", decoder.Paths));
            }
            Channels = decoder is null ? config.Widths[^1] : config.DecoderWidth;
            LayerGroups = groups;
        }

        public override int Channels { get; }
        public override string HeadPath => decoder is null ? "classifier" : Decoder + ".classifier";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "SegFormer";
        internal override IReadOnlyList<string> DecoderPaths => decoder?.Paths ?? [];

        public override IReadOnlyList<PyramidLevel> Levels
        {
            get
            {
                int stride = 1;
                return [.. config.Widths.Select((width, i) => new PyramidLevel(width, stride *= config.Strides[i]))];
            }
        }

        internal override Tensor[] Stages(Tensor images)
        {
            Tensor[] tokens = Run(images); // [N, h, w, C] each
            Tensor[] maps = [.. tokens.Select(each => each.Permute(0, 3, 1, 2))]; // [N, C, h, w]
            foreach (Tensor each in tokens) each.Dispose();
            return maps;
        }

        /// <summary>The decoder's map at a quarter of the size; of a classifier the last one.</summary>
        protected internal override Tensor Map(Tensor images)
        {
            Tensor[] tokens = Run(images);
            try
            {
                return decoder is null ? tokens[^1].Permute(0, 3, 1, 2) : decoder.Decode(tokens);
            }
            finally
            {
                foreach (Tensor each in tokens) each.Dispose();
            }
        }

        Tensor[] Run(Tensor images)
        {
            var tokens = new Tensor[stages.Length];
            for (int i = 0; i < stages.Length; i++)
            {
                using Tensor input = i == 0 ? images.Share() : tokens[i - 1].Permute(0, 3, 1, 2);
                tokens[i] = stages[i].Forward(input); // [N, h, w, C]
            }
            return tokens;
        }

        protected internal override Head BuildHead(ModulePath root, ModelConfig config) => decoder is null
            ? base.BuildHead(root, config)
            : new SegmentationHead(
                root, [(HeadPath, Channels)], auxiliary: null, config.Classes, config.Dropout, fullSize: false);

        /// <summary>Weights of layers start as N(0, 0.02), biases as 0.</summary>
        internal override void Start(ulong seed)
        {
            foreach (Parameter parameter in Path.Store.All)
                if (parameter.Shape.Length > 1) new Initializer(seed, parameter.Name).Normal(parameter, 0.02);
                else if (parameter.Name.EndsWith("bias", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
        }
    }
}
