using Graft.Nn;
using Graft.Torch;
using static Graft.Models.Classification.VisionTransformer;

namespace Graft.Models.Classification;

/// <summary>The network of all vision transformers: patches, tokens before them, positions, blocks, norm, pool.</summary>
sealed class Transformer : Backbone
{
    readonly Config config;
    readonly PatchEmbedding patches;
    readonly Parameter? classToken, distillationToken, registers;
    readonly PositionTable? positions;
    readonly RelativePositionBias? shared;
    readonly Module? firstNorm, lastNorm, poolNorm;
    readonly AttentionPool? attentionPool;
    readonly TransformerBlock[] blocks;

    public Transformer(ModulePath at, Config config) : base(at, config)
    {
        this.config = config;
        int width = config.Width, height = config.ImageHeight / config.Patch, across = config.ImageWidth / config.Patch;
        if (config.ClassToken) classToken = at.Weight("cls_token", 1, 1, width);
        if (config.DistillationToken) distillationToken = at.Weight("dist_token", 1, 1, width);
        if (config.Registers > 0) registers = at.Weight("reg_token", 1, config.Registers, width);
        if (config.Positions != PositionKind.None)
            positions = new PositionTable(at, "pos_embed", config.PrefixPositions, height, across, width, config.Resampling);
        patches = new PatchEmbedding(
            at / "patch_embed", config.InputChannels, width, config.Patch, config.PatchBias, config.PatchNorm ? Norm : null);
        if (config.Relative is RelativeKind.Shared or RelativeKind.Both)
            shared = new RelativePositionBias(at / "rel_pos_bias", height, across, config.Heads, TableResampling);
        if (config.FirstNorm) firstNorm = Norm(at / "norm_pre", width);
        blocks = new TransformerBlock[config.Depth];
        for (int i = 0; i < blocks.Length; i++)
        {
            double drop = blocks.Length > 1 ? config.DropPath * i / (blocks.Length - 1) : 0;
            blocks[i] = new TransformerBlock(at / $"blocks.{i}", config, Norm, drop);
            if (config.Relative is RelativeKind.PerBlock or RelativeKind.Both)
                blocks[i].Relative = new RelativePositionBias(
                    at / $"blocks.{i}.attn", height, across, config.Heads, TableResampling);
        }
        if (config.LastNorm == LastNormKind.BeforePool) lastNorm = Norm(at / "norm", width);
        if (config.Decoder is not null) return;
        if (config.Pooling == PoolingKind.Attention && config.Pool == PoolKind.Own)
            attentionPool = new AttentionPool(at / "attn_pool", config, Norm);
        if (config.LastNorm == LastNormKind.AfterPool) poolNorm = Norm(at / "fc_norm", width);
    }

    public override int Channels => config.Width;
    public override string HeadPath => "head";
    public override string Kind => "VisionTransformer";
    internal override IReadOnlyList<string> ClassifierPaths => [HeadPath, "head_dist", "attn_pool", "fc_norm"];
    internal override IReadOnlyList<string> UndecayedNames { get; } =
        ["cls_token", "dist_token", "pos_embed", "relative_position_bias_table"];

    /// <summary>The embedding, then the blocks in up to four groups of neighbours.</summary>
    public override IReadOnlyList<LayerGroup> LayerGroups
    {
        get
        {
            List<LayerGroup> groups =
            [
                new("stem", ["patch_embed", "cls_token", "dist_token", "reg_token", "pos_embed", "rel_pos_bias", "norm_pre"]),
            ];
            int count = Math.Min(4, blocks.Length);
            for (int i = 0; i < count; i++)
            {
                int from = i * blocks.Length / count, to = (i + 1) * blocks.Length / count;
                string[] paths = [.. Enumerable.Range(from, to - from).Select(number => $"blocks.{number}")];
                // the norm after the last block is trained with that block: by itself it is no layer worth freeing
                if (i == count - 1)
                    paths = [.. paths, "norm", "fc_norm", .. attentionPool is null ? [] : (string[])["attn_pool"]];
                groups.Add(new(to - from == 1 ? $"blocks.{from}" : $"blocks.{from}-{to - 1}", paths));
            }
            return groups;
        }
    }

    protected override int PrefixTokens => config.PoolsPrefix ? 0 : config.PrefixTokens;

    internal override TokenLayout? Tokens(int height, int width)
    {
        (int rows, int columns) = (height / config.Patch, width / config.Patch);
        int prefix = config.PrefixTokens, count = prefix + rows * columns;
        float[] asked = new float[count]; // what the pool takes of each token
        bool distilled = Pool == PoolKind.None && config.Pooling == PoolingKind.Distilled;
        if (distilled) asked[0] = asked[1] = 0.5f;
        else if (Pool == PoolKind.Token) asked[0] = 1;
        else
        {
            asked.AsSpan(PrefixTokens).Fill(1f / (count - PrefixTokens));
            if (Pool == PoolKind.TokenAndMean)
            {
                foreach (ref float share in asked.AsSpan()) share /= 2;
                asked[0] += 0.5f;
            }
        }
        return new TokenLayout(prefix, rows, columns, asked, attentionPool is null ? null : PrefixTokens);
    }

    protected override PoolKind OwnPool => config.Pooling switch
    {
        PoolingKind.Token => PoolKind.Token,
        PoolingKind.Average => PoolKind.Average,
        PoolingKind.Max => PoolKind.Max,
        PoolingKind.TokenAndMean => PoolKind.TokenAndMean,
        _ => PoolKind.None,
    };

    protected override int OwnFeatures =>
        config.Pooling is PoolingKind.TokenAndMean or PoolingKind.Distilled ? 2 * config.Width : config.Width;

    public override IReadOnlyList<PyramidLevel> Levels => [new(config.Width, config.Patch)];

    internal override int PyramidUnit => config.Patch;

    /// <summary>The tokens of the patches as one map.</summary>
    internal override Tensor[] Stages(Tensor images)
    {
        using var scope = new TensorScope();
        (long rows, long columns) = (images.Size(2) / config.Patch, images.Size(3) / config.Patch);
        Tensor tokens = Map(images); // [N, P + T, D]
        Tensor patches = tokens.Slice(1, config.PrefixTokens, tokens.Size(1)); // [N, T, D]
        return [scope.Keep(patches.Transpose(1, 2).Reshape(images.Size(0), config.Width, rows, columns))]; // [N, D, H, W]
    }

    protected internal override Tensor Map(Tensor images)
    {
        using var scope = new TensorScope();
        int height = (int)images.Size(2) / config.Patch, across = (int)images.Size(3) / config.Patch;
        Tensor x = Embedded(images, height, across); // [N, P + T, D]
        if (firstNorm is not null) x = firstNorm.Forward(x);
        using Tensor? index = config.Relative == RelativeKind.None ? null
            : RelativePositionBias.Index(height, across, images.Device);
        Tensor? common = shared?.For(height, across, index!); // [H, 1 + T, 1 + T]
        foreach (TransformerBlock block in blocks)
        {
            if (index is not null) block.SetScoreBias(() => Bias(block.Relative?.For(height, across, index), common)!);
            Tensor next = block.Forward(x); // [N, P + T, D]
            x.Dispose();
            x = next;
        }
        return scope.Keep(lastNorm is null ? x : lastNorm.Forward(x));
    }

    /// <summary>Patches as tokens, with what comes before them and with their positions.</summary>
    Tensor Embedded(Tensor images, int height, int across)
    {
        using var scope = new TensorScope();
        Tensor tokens = Precision.Full(patches.Forward(images)).Value; // [N, T, D]; sums over the blocks stay float32
        long batch = tokens.Size(0);
        Tensor? places = positions?.For(height, across); // [1, P + T, D]
        if (places is not null && config.Positions == PositionKind.Patches) tokens = tokens + places;
        List<Tensor> all = [];
        foreach (Parameter? prefix in (ReadOnlySpan<Parameter?>)[classToken, distillationToken, registers])
            if (prefix is not null && (prefix != registers || config.Positions != PositionKind.ClassAndPatches))
                all.Add(prefix.Value.Expand(batch, -1, -1));
        if (all.Count > 0) tokens = Tensor.Cat([.. all, tokens], 1); // [N, P + T, D]
        if (places is not null && config.Positions != PositionKind.Patches) tokens = tokens + places;
        if (registers is not null && config.Positions == PositionKind.ClassAndPatches) // registers go between, without a place
            tokens = Tensor.Cat(
                [tokens.Slice(1, 0, 1), registers.Value.Expand(batch, -1, -1), tokens.Slice(1, 1, tokens.Size(1))], 1);
        return scope.Keep(tokens);
    }

    static Tensor? Bias(Tensor? own, Tensor? common) => own is not null && common is not null ? own + common : own ?? common;

    protected override Tensor Finish(Tensor pooled)
    {
        Tensor x = pooled.Rank == 3 ? Pooled(pooled, config.Pooling) : pooled; // [N, D]
        if (poolNorm is null) return x;
        Tensor y = poolNorm.Forward(x);
        if (!ReferenceEquals(x, pooled)) x.Dispose();
        return y;
    }

    /// <summary>The pools that only these networks have: tokens <c>[N, P + T, D]</c> to features.</summary>
    Tensor Pooled(Tensor tokens, PoolingKind kind)
    {
        if (kind == PoolingKind.Distilled) return tokens.Slice(1, 0, 2).Flatten(1); // [N, 2 D]
        using var scope = new TensorScope();
        Tensor x = PrefixTokens == 0 ? tokens : tokens.Slice(1, PrefixTokens, tokens.Size(1)); // [N, T, D]
        long[] over = [1];
        return scope.Keep(attentionPool is not null ? attentionPool.Forward(x) : (x.Mean(over) + x.Amax(over)) * 0.5);
    }

    protected internal override Head BuildHead(ModulePath root, ModelConfig config)
    {
        var its = (Config)config;
        bool own = its.Pool == PoolKind.Own && its.Head is HeadKind.Own or HeadKind.Linear;
        if (own && its.Pooling == PoolingKind.Distilled) return new DistilledHead(root, its.Width, its.Classes, its.Dropout);
        return own && its.Projection ? new LinearHead(root / HeadPath, FeatureCount, its.Classes, bias: false)
            : base.BuildHead(root, its);
    }

    internal override void SetInputSize(int height, int width)
    {
        (int rows, int columns) = (height / config.Patch, width / config.Patch);
        positions?.Regrid(rows, columns);
        shared?.Regrid(rows, columns);
        foreach (TransformerBlock block in blocks) block.Relative?.Regrid(rows, columns);
    }

    internal override Tensor? Resampled(string name, Tensor found)
    {
        if (name == positions?.Weight.Name) return positions.Adapted(found);
        if (name == shared?.Weight.Name) return shared.Adapted(found);
        foreach (TransformerBlock block in blocks)
            if (name == block.Relative?.Weight.Name) return block.Relative.Adapted(found);
        return null;
    }

    /// <summary>Weights of linear layers and positions start as N(0, 0.02), biases as 0, tokens near 0: timm's way.</summary>
    internal override void Start(ulong seed)
    {
        foreach (Parameter parameter in Path.Store.Weights)
        {
            string name = parameter.Name;
            var init = new Initializer(seed, name);
            if (name.EndsWith("_token", StringComparison.Ordinal)) init.Normal(parameter, 1e-6);
            else if (name.EndsWith("relative_position_bias_table", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
            else if (parameter.Shape.Length is 2 or 3) init.TruncatedNormal(parameter, 0.02);
            else if (name.EndsWith(".bias", StringComparison.Ordinal)) Initializer.Constant(parameter, 0);
        }
    }

    Resampling TableResampling =>
        config.Resampling == Resampling.BicubicAntialiased ? Resampling.Geometric : Resampling.Bilinear;

    Module Norm(ModulePath at, int channels) =>
        config.Norm == NormKind.Rms ? new RmsNorm(at, channels, config.Eps) : new LayerNorm(at, channels, config.Eps);
}
