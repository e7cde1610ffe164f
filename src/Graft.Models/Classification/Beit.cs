using System.Text.Json;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models.Classification;

/// <summary>
/// The vision transformer pretrained as BERT is, on masked patches; attentions know how far apart two patches are by tables, and
/// their keys have no bias. Bao et al. 2021, "BEiT: BERT Pre-Training of Image Transformers", arXiv:2106.08254, and Peng et al.
/// 2022, "BEiT v2", arXiv:2208.06366.
/// </summary>
public sealed partial class Beit : VisionTransformer
{
    /// <inheritdoc/>
    public override string Name => "beit";

    internal override string HuggingFaceType => "beit";
    internal override string HuggingFaceClass => "BeitForImageClassification";
    internal override string HuggingFacePrefix => "beit.";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        bool mean = config.Flag("use_mean_pooling", true);
        double scale = config.Number("layer_scale_init_value", 0.1, -1e6, 1e6);
        return FromHuggingFace(config, patch: 16, eps: 1e-12) with
        {
            Bias = AttentionBias.NotKeys,
            LayerScale = scale > 0 ? scale : null,
            Positions = config.Flag("use_absolute_position_embeddings", false) ? PositionKind.All : PositionKind.None,
            Relative = Relatives(
                config.Flag("use_relative_position_bias", false), config.Flag("use_shared_relative_position_bias", false)),
            Pooling = mean ? PoolingKind.Average : PoolingKind.Token,
            LastNorm = mean ? LastNormKind.AfterPool : LastNormKind.BeforePool,
            DropPath = config.Number("drop_path_rate", 0.1, 0, 0.999),
        };
    }

    static bool PerBlock(Config its) => its.Relative is RelativeKind.PerBlock or RelativeKind.Both;

    static bool Shared(Config its) => its.Relative is RelativeKind.Shared or RelativeKind.Both;

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        bool mean = its.Pooling == PoolingKind.Average;
        if (!its.ClassToken || its.DistillationToken || its.Registers > 0 || its.Gated || its.FirstNorm || !its.PatchBias ||
            its.Bias != AttentionBias.NotKeys || its.Positions is not (PositionKind.All or PositionKind.None) ||
            its.LastNorm != (mean ? LastNormKind.AfterPool : LastNormKind.BeforePool) ||
            its.Pooling is not (PoolingKind.Average or PoolingKind.Token) || !WriteHuggingFace(its, writer))
            return false;
        writer.WriteNumber("intermediate_size", its.Hidden);
        writer.WriteReal("layer_scale_init_value", its.LayerScale ?? 0);
        writer.WriteBoolean("use_absolute_position_embeddings", its.Positions == PositionKind.All);
        writer.WriteBoolean("use_relative_position_bias", PerBlock(its));
        writer.WriteBoolean("use_shared_relative_position_bias", Shared(its));
        writer.WriteBoolean("use_mean_pooling", mean);
        writer.WriteNumber("drop_path_rate", its.DropPath);
        return true;
    }

    /// <summary>The arguments of timm's <c>Beit</c>.</summary>
    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("norm_layer", "layernorm");
        arguments.Ignore(
            "num_classes", "pos_drop_rate", "proj_drop_rate", "attn_drop_rate", "out_indices", "head_init_scale");
        (int height, int across) = arguments.Has("img_size")
            ? Sides(arguments, "img_size", 224) : (its.ImageHeight, its.ImageWidth);
        its = its with { Gated = arguments.Flag("swiglu_mlp", its.Gated) };
        int width = arguments.Int("embed_dim", its.Width, max: MostWidth);
        PoolingKind pooling = Pooling(arguments, its.Pooling) == PoolingKind.Average ? PoolingKind.Average : PoolingKind.Token;
        return its with
        {
            ImageHeight = height,
            ImageWidth = across,
            Patch = Side(arguments, "patch_size", its.Patch),
            Width = width,
            Depth = arguments.Int("depth", its.Depth, max: MostDepth),
            Heads = arguments.Int("num_heads", its.Heads, max: MostWidth),
            Hidden = Hidden(arguments, its, width),
            HiddenNorm = arguments.Flag("scale_mlp", its.HiddenNorm),
            Activation = its.Gated ? ActivationKind.Silu : its.Activation,
            Bias = arguments.Flag("qkv_bias", its.Bias != AttentionBias.None) ? AttentionBias.NotKeys : AttentionBias.None,
            LayerScale = FirstScale(arguments, its),
            Positions = arguments.Flag("use_abs_pos_emb", its.Positions == PositionKind.All)
                ? PositionKind.All : PositionKind.None,
            Relative = Relatives(
                arguments.Flag("use_rel_pos_bias", PerBlock(its)), arguments.Flag("use_shared_rel_pos_bias", Shared(its))),
            Pooling = pooling,
            LastNorm = pooling == PoolingKind.Average ? LastNormKind.AfterPool : LastNormKind.BeforePool,
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
    }

    private protected override int RatioCounts(Config its) => 1; // of gate and value each

    private protected override void WriteTimm(Config from, Config to, Utf8JsonWriter writer)
    {
        WriteTimmSizes(from, to, writer);
        if (to.Bias != from.Bias) writer.WriteBoolean("qkv_bias", to.Bias != AttentionBias.None);
        if (to.Gated != from.Gated) writer.WriteBoolean("swiglu_mlp", to.Gated);
        if (to.HiddenNorm != from.HiddenNorm) writer.WriteBoolean("scale_mlp", to.HiddenNorm);
        if (to.Positions != from.Positions) writer.WriteBoolean("use_abs_pos_emb", to.Positions == PositionKind.All);
        if (PerBlock(to) != PerBlock(from)) writer.WriteBoolean("use_rel_pos_bias", PerBlock(to));
        if (Shared(to) != Shared(from)) writer.WriteBoolean("use_shared_rel_pos_bias", Shared(to));
        if (to.Pooling != from.Pooling) writer.WriteString("global_pool", TimmPool(to));
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        Config timm = Probe with { Resampling = Resampling.BicubicAntialiased, Pooling = PoolingKind.Token };
        Config huggingFace = Probe with { Eps = 1e-12, HeadStart = HeadStart.TruncatedNormal };
        foreach ((Origin origin, Config probe) in (ReadOnlySpan<(Origin, Config)>)
            [(Origin.Timm, timm), (Origin.HuggingFace, huggingFace)])
        {
            if (Sizes(tensors, origin, probe, ["", HuggingFacePrefix]) is not { } seen) continue;
            if (seen.Bias == AttentionBias.NotKeys || seen.Relative != RelativeKind.None)
                return new Recognition(this, origin, Named(origin, seen));
        }
        return null;
    }
}
