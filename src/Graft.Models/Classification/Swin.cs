using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Attention within windows that shift from block to block, over four maps of growing depth. Liu et al. 2021, "Swin Transformer:
/// Hierarchical Vision Transformer using Shifted Windows", arXiv:2103.14030; and Swin V2 (Liu et al. 2022, arXiv:2111.09883),
/// which normalises after attention and MLP, compares by cosines and makes its biases of the logarithm of distances; the sizes
/// named S3 are those found by AutoFormerV2 (Chen et al. 2021, arXiv:2111.14725). Names as timm's.
/// </summary>
public sealed partial class Swin : ModelFamily
{
    /// <summary>What is done where a map does not divide into windows: the origins differ.</summary>
    public enum WindowRule
    {
        /// <summary>
        /// A side of the window is no longer than the map's, and then does not shift; maps are rolled, then filled up.
        /// </summary>
        Timm,

        /// <summary>timm's <c>always_partition</c>: windows stay as they are, and shift.</summary>
        TimmAlwaysPartition,

        /// <summary>
        /// Windows stay as they are; maps are filled up, then rolled, which a side that is one window long is not.
        /// </summary>
        TorchVision,

        /// <summary>
        /// Windows are squares no larger than the map, and where they are as large, nothing shifts; maps are filled up, then
        /// rolled.
        /// </summary>
        HuggingFace,

        /// <summary>
        /// The same, but decided once, for the size of images that the network was built for, by their height.
        /// </summary>
        HuggingFaceV2,

        /// <summary>
        /// Windows stay as they are, and shift; maps are filled up, then rolled: transformers' backbones of segmentation
        /// networks.
        /// </summary>
        HuggingFaceAlwaysPartition,
    }

    /// <summary>How a Swin transformer is built.</summary>
    public sealed record Config : ModelConfig
    {
        /// <summary>Whether it is Swin V2. <value>false</value></summary>
        public bool V2 { get; init; }

        /// <summary>Blocks in each stage.</summary>
        public required IReadOnlyList<int> Depths { get; init; }

        /// <summary>Heads in each stage.</summary>
        public required IReadOnlyList<int> Heads { get; init; }

        /// <summary>Channels of the first stage; they double from stage to stage.</summary>
        public required int Width { get; init; }

        /// <summary>Sides of each stage's windows.</summary>
        public required IReadOnlyList<int> Windows { get; init; }

        /// <summary>
        /// Sides of the windows that each stage's tables of biases are for: smaller than the windows where the network was built
        /// for small images.
        /// </summary>
        /// <value>empty: the windows</value>
        public IReadOnlyList<int> TableWindows { get; init; } = [];

        /// <summary>Sides of the windows that each stage of a V2 has learned with; 0 for its own.</summary>
        /// <value>empty: 0</value>
        public IReadOnlyList<int> PretrainedWindows { get; init; } = [];

        /// <summary>Channels of a head in each stage; 0 for what the stage's channels give. <value>empty: 0</value></summary>
        public IReadOnlyList<int> HeadWidths { get; init; } = [];

        /// <summary>The MLPs' hidden channels over the block's, for each stage; one for all. <value>[4]</value></summary>
        public IReadOnlyList<double> MlpRatios { get; init; } = [4];

        /// <summary>Sides of a patch. <value>4</value></summary>
        public int Patch { get; init; } = 4;

        /// <summary>Height and width of the images that it was built for. <value>[224, 224]</value></summary>
        public IReadOnlyList<int> ImageSize { get; init; } = [224, 224];

        /// <summary>What is done where a map does not divide into windows. <value><see cref="WindowRule.Timm"/></value></summary>
        public WindowRule Rule { get; init; }

        /// <summary>Whether queries, keys and values have biases; V2's keys never have. <value>true</value></summary>
        public bool Bias { get; init; } = true;

        /// <summary>Whether each place of the first map has an embedding of its own. <value>false</value></summary>
        public bool Positions { get; init; }

        /// <summary>Added to the variances of the blocks' norms and the last one. <value>1e-5</value></summary>
        public double Eps { get; init; } = 1e-5;

        /// <summary>The activation of the MLPs. <value>GELU</value></summary>
        public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

        /// <summary>
        /// The share of samples whose last block is skipped in training; earlier blocks less, in proportion.
        /// </summary>
        /// <value>0</value>
        public double DropPath { get; init; }

        /// <summary>Whether the last map is normalised; UPerNet has norms of its own for all.</summary>
        internal bool LastNorm { get; init; } = true;

        internal int WidthOf(int stage) => Width << stage;
        internal int TableWindow(int stage) => TableWindows.Count > 0 ? TableWindows[stage] : Windows[stage];
        internal int PretrainedWindow(int stage) => PretrainedWindows.Count > 0 ? PretrainedWindows[stage] : 0;
        internal int HeadWidth(int stage) =>
            HeadWidths.Count > 0 && HeadWidths[stage] > 0 ? HeadWidths[stage] : WidthOf(stage) / Heads[stage];
        internal int Hidden(int stage) => (int)(WidthOf(stage) * MlpRatios[Math.Min(stage, MlpRatios.Count - 1)]);

        /// <summary>Rows and columns of patches of an image.</summary>
        internal (int Rows, int Columns) Grid(int height, int width) => Pads
            ? ((height + Patch - 1) / Patch, (width + Patch - 1) / Patch) : (height / Patch, width / Patch);

        /// <summary>Whether images are filled up to whole patches; else what is left over is cut off.</summary>
        internal bool Pads =>
            Rule is WindowRule.HuggingFace or WindowRule.HuggingFaceV2 or WindowRule.HuggingFaceAlwaysPartition;
    }

    /// <inheritdoc/>
    public override string Name => "swin";

    /// <inheritdoc/>
    internal override Backbone Build(ModulePath at, ModelConfig config) => new Net(at, (Config)config);

    /// <summary>
    /// How a block cuts its map: the rules of the origins, which agree where windows divide every map.
    /// </summary>
    /// <param name="config">whose rule, and the windows' sides</param>
    /// <param name="stage">which stage</param>
    /// <param name="shifts">whether the block is one that shifts: every second</param>
    /// <param name="map">height and width of the map</param>
    /// <param name="grid">rows and columns of patches of the image</param>
    internal static ShiftedWindows Cut(
        Config config, int stage, bool shifts, (int Height, int Width) map, (int Rows, int Columns) grid)
    {
        int window = config.Windows[stage], shift = shifts ? window / 2 : 0;
        switch (config.Rule)
        {
            case WindowRule.TimmAlwaysPartition or WindowRule.HuggingFaceAlwaysPartition:
                return new ShiftedWindows(window, window, shift, shift);
            case WindowRule.Timm:
                // timm rounds the sizes of maps down where the maps themselves are rounded up
                int rows = Math.Max(1, grid.Rows >> stage), columns = Math.Max(1, grid.Columns >> stage);
                return new ShiftedWindows(
                    Math.Min(rows, window), Math.Min(columns, window), rows <= window ? 0 : shift, columns <= window ? 0 : shift);
            case WindowRule.TorchVision:
                return new ShiftedWindows(window, window, map.Height <= window ? 0 : shift, map.Width <= window ? 0 : shift);
            case WindowRule.HuggingFace:
                int shorter = Math.Min(map.Height, map.Width);
                return shorter <= window ? new ShiftedWindows(shorter, shorter, 0, 0)
                    : new ShiftedWindows(window, window, shift, shift);
            default:
                int height = Math.Max(1, config.ImageSize[0] / config.Patch >> stage), side = Math.Min(height, window);
                if (height <= side) shift = 0;
                return new ShiftedWindows(side, side, shift, shift);
        }
    }

    sealed class Net : Backbone
    {
        Config config;
        readonly Conv2d patches;
        readonly LayerNorm patchNorm;
        readonly LayerNorm? norm;
        readonly Parameter? positions;
        readonly Module?[] merges;
        readonly Block[][] stages;

        public Net(ModulePath at, Config config) : base(at, config, "head.global_pool")
        {
            this.config = config;
            patches = new Conv2d(
                at / "patch_embed.proj", config.InputChannels, config.Width, config.Patch, stride: config.Patch, padding: 0);
            patchNorm = new LayerNorm(at / "patch_embed.norm", config.Width);
            if (config.Positions)
            {
                (int rows, int columns) = (config.ImageSize[0] / config.Patch, config.ImageSize[1] / config.Patch);
                positions = at.Weight("absolute_pos_embed", 1, (long)rows * columns, config.Width);
            }
            List<LayerGroup> groups =
                [new LayerGroup("stem", [(at / "patch_embed").Name, (at / "absolute_pos_embed").Name])];
            int count = config.Depths.Count, number = 0, blocks = config.Depths.Sum();
            merges = new Module?[count];
            stages = new Block[count][];
            for (int stage = 0; stage < count; stage++)
            {
                ModulePath place = at / $"layers.{stage}";
                if (stage > 0) merges[stage] = new PatchMerging(place / "downsample", config.WidthOf(stage - 1), config.V2);
                stages[stage] = new Block[config.Depths[stage]];
                for (int i = 0; i < stages[stage].Length; i++)
                {
                    double drop = blocks > 1 ? config.DropPath * number++ / (blocks - 1) : 0;
                    stages[stage][i] = new Block(place / $"blocks.{i}", config, stage, drop);
                }
                groups.Add(new LayerGroup(place.Name, [place.Name]));
            }
            // the norm after the last stage is trained with that stage: by itself it is no layer worth freeing
            groups[^1] = groups[^1] with { Paths = [groups[^1].Name, (at / "norm").Name] };
            Channels = config.WidthOf(count - 1);
            if (config.LastNorm) norm = new LayerNorm(at / "norm", Channels, config.Eps);
            LayerGroups = groups;
        }

        public override int Channels { get; }
        public override string HeadPath => "head.fc";
        public override IReadOnlyList<LayerGroup> LayerGroups { get; }
        public override string Kind => "SwinTransformer";
        internal override IReadOnlyList<string> UndecayedNames { get; } =
            ["absolute_pos_embed", "relative_position_bias_table", "cpb_mlp", "logit_scale"];

        public override IReadOnlyList<PyramidLevel> Levels => [.. Enumerable.Range(0, config.Depths.Count)
            .Select(stage => new PyramidLevel(config.WidthOf(stage), config.Patch << stage))];

        internal override int PyramidUnit => config.Pads ? 1 : config.Patch; // merging rounds up by itself

        protected internal override Tensor Map(Tensor images) => Run(images, null);

        internal override Tensor[] Stages(Tensor images)
        {
            Tensor[] maps = new Tensor[stages.Length];
            maps[^1] = Run(images, maps);
            return maps;
        }

        /// <summary>The last map, normalised; each stage's before it, as it is, goes into the others' places.</summary>
        Tensor Run(Tensor images, Tensor[]? maps)
        {
            (int rows, int columns) grid = config.Grid((int)images.Size(2), (int)images.Size(3));
            Tensor x = Embed(images); // [N, H, W, C]
            for (int stage = 0; stage < stages.Length; stage++)
            {
                if (merges[stage] is { } merge) x = x.Then(merge); // [N, H / 2, W / 2, 2C]
                for (int i = 0; i < stages[stage].Length; i++)
                {
                    Block block = stages[stage][i];
                    block.Windows = Cut(config, stage, i % 2 == 1, ((int)x.Size(1), (int)x.Size(2)), grid);
                    x = x.Then(block);
                }
                if (maps is not null && stage < stages.Length - 1) maps[stage] = x.Permute(0, 3, 1, 2); // [N, C, H, W]
            }
            if (norm is not null) x = x.Then(norm);
            Tensor map = x.Permute(0, 3, 1, 2); // [N, C, H, W]
            x.Dispose();
            return map;
        }

        Tensor Embed(Tensor images)
        {
            using var scope = new TensorScope();
            if (config.Pads)
            {
                long right = (config.Patch - images.Size(3) % config.Patch) % config.Patch;
                long bottom = (config.Patch - images.Size(2) % config.Patch) % config.Patch;
                if (right + bottom > 0) images = images.Pad(0, right, 0, bottom);
            }
            Tensor x = patchNorm.Forward(patches.Forward(images).Permute(0, 2, 3, 1)); // [N, H, W, C]
            if (positions is not null) x = x + Positions((int)x.Size(1), (int)x.Size(2));
            return scope.Keep(x);
        }

        /// <summary>The embeddings of places, for another size of images resampled as transformers does.</summary>
        Tensor Positions(int rows, int columns)
        {
            (int height, int width) = (config.ImageSize[0] / config.Patch, config.ImageSize[1] / config.Patch);
            Tensor grid = positions!.Value.Reshape(1, height, width, -1); // [1, H, W, C]
            if ((height, width) == (rows, columns)) return grid;
            return grid.Permute(0, 3, 1, 2).ResampleBicubic(rows, columns).Permute(0, 2, 3, 1);
        }

        /// <summary>
        /// A table for the whole window stays as it is, also where the maps are smaller: then it is resampled as it is used.
        /// </summary>
        internal override Tensor? Resampled(string name, Tensor found)
        {
            if (!name.EndsWith(".relative_position_bias_table", StringComparison.Ordinal) || found.Rank != 2) return null;
            string[] path = name.Split('.'); // layers.0.blocks.1.attn.
            int stage = int.Parse(path[1]), to = config.TableWindow(stage), side = (int)Math.Sqrt(found.Size(0));
            if (side * side != found.Size(0) || side % 2 == 0 || found.Size(1) != config.Heads[stage]) return null;
            int from = (side + 1) / 2;
            if (from != config.Windows[stage]) return RelativePositions.Resampling((from, from), (to, to)).MatMul(found);
            stages[stage][int.Parse(path[3])].KeepTable(from);
            return found;
        }

        internal override void SetInputSize(int height, int width)
        {
            using GradMode mode = Autograd.NoGrad();
            using var scope = new TensorScope();
            if (positions is not null)
            {
                Tensor resampled = Positions(height / config.Patch, width / config.Patch); // [1, H, W, C]
                positions.Replace(resampled.Reshape(1, -1, config.Width).Clone());
            }
            config = Sized(config, height, width);
        }

        /// <summary>Weights start as N(0, 0.02) cut at 2, biases as 0.</summary>
        internal override void Start(ulong seed)
        {
            foreach (Parameter parameter in Path.Store.All)
                if (parameter.Shape.Length > 1 && !parameter.Name.EndsWith("logit_scale", StringComparison.Ordinal))
                    new Initializer(seed, parameter.Name).TruncatedNormal(parameter, 0.02);
                else if (parameter.Name.EndsWith("bias", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
        }
    }
}
