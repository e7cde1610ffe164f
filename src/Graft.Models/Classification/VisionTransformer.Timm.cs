using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public abstract partial class VisionTransformer
{
    internal override string TimmPool(ModelConfig config) => PoolWord(((Config)config).Pooling);

    static string PoolWord(PoolingKind pooling) => pooling switch
    {
        PoolingKind.Average => "avg",
        PoolingKind.Max => "max",
        PoolingKind.AverageMax => "avgmax",
        PoolingKind.Attention => "map",
        _ => "token",
    };

    static bool Averages(PoolingKind pooling) => pooling is PoolingKind.Average or PoolingKind.AverageMax or PoolingKind.Max;

    /// <summary>The arguments of timm's <c>VisionTransformer</c>.</summary>
    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("dynamic_img_pad", "false");
        arguments.Require("attn_layer", "", "attn");
        arguments.Ignore(
            "num_classes", "dynamic_img_size", "weight_init", "fix_init", "pos_drop_rate", "patch_drop_rate", "proj_drop_rate",
            "attn_drop_rate", "out_indices", "pretrained_strict", "use_naflex");
        (int height, int across) = arguments.Has("img_size")
            ? Sides(arguments, "img_size", 224) : (its.ImageHeight, its.ImageWidth);
        int width = arguments.Int("embed_dim", its.Width, max: MostWidth);
        PoolingKind pooling = its.Pooling == PoolingKind.Distilled ? its.Pooling : Pooling(arguments, its.Pooling);
        bool firstNorm = arguments.Flag("pre_norm", its.FirstNorm);
        return its with
        {
            ImageHeight = height,
            ImageWidth = across,
            Patch = Side(arguments, "patch_size", its.Patch),
            Width = width,
            Depth = arguments.Int("depth", its.Depth, max: MostDepth),
            Heads = arguments.Int("num_heads", its.Heads, max: MostWidth),
            Hidden = Hidden(arguments, its, width),
            Activation = arguments.Has("act_layer")
                ? ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer") : its.Activation,
            Bias = arguments.Flag("qkv_bias", its.Bias != AttentionBias.None) ? AttentionBias.All : AttentionBias.None,
            ProjectionBias = arguments.Flag("proj_bias", its.ProjectionBias),
            HeadNorm = arguments.Flag("qk_norm", its.HeadNorm),
            AttentionNorm = arguments.Flag("scale_attn_norm", its.AttentionNorm),
            HiddenNorm = arguments.Flag("scale_mlp_norm", its.HiddenNorm),
            LayerScale = FirstScale(arguments, its),
            ClassToken = arguments.Flag("class_token", its.ClassToken),
            Registers = arguments.Int("reg_tokens", its.Registers, min: 0, max: 4096),
            Positions = Positions(arguments, its),
            PatchBias = !firstNorm,
            PatchNorm = arguments.Has("embed_norm_layer") || its.PatchNorm,
            FirstNorm = firstNorm,
            LastNorm = LastNorm(arguments, its, pooling),
            Norm = arguments.Has("norm_layer") || arguments.Has("embed_norm_layer") ? Norm(arguments, its.Norm) : its.Norm,
            Eps = arguments.Has("norm_layer") ? 1e-6 : its.Eps, // a name brings timm's own
            Pooling = pooling,
            PoolsPrefix = arguments.Flag("pool_include_prefix", its.PoolsPrefix),
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
    }

    private protected static PoolingKind Pooling(ConfigReader arguments, PoolingKind fallback) =>
        arguments.Text("global_pool", PoolWord(fallback)) switch
        {
            "token" => PoolingKind.Token,
            "avg" => PoolingKind.Average,
            "max" => PoolingKind.Max,
            "avgmax" => PoolingKind.AverageMax,
            "map" => PoolingKind.Attention,
            var other => throw new NotSupportedException(
                $"{arguments.Where}: global_pool: Graft knows token, avg, max, avgmax and map, found \"{other}\""),
        };

    /// <summary>What timm's ratio counts: of a gated part, gate and value together.</summary>
    private protected virtual int RatioCounts(Config its) => its.Gated ? 2 : 1;

    private protected int Hidden(ConfigReader arguments, Config its, int width)
    {
        int gates = RatioCounts(its);
        double ratio = arguments.Number("mlp_ratio", its.Ratio ?? (double)gates * its.Hidden / its.Width, 0, 1024);
        bool same = width == its.Width && !arguments.Has("mlp_ratio");
        return same ? its.Hidden : Math.Max(1, (int)(width * ratio) / gates);
    }

    private protected static double? FirstScale(ConfigReader arguments, Config its)
    {
        if (arguments.IsNull("init_values")) return null;
        if (!arguments.Has("init_values")) return its.LayerScale;
        double value = arguments.Number("init_values", 0, -1e6, 1e6);
        return value == 0 ? null : value;
    }

    static PositionKind Positions(ConfigReader arguments, Config its)
    {
        arguments.Require("pos_embed", "learn", "none", "");
        if (arguments.Text("pos_embed", its.Positions == PositionKind.None ? "" : "learn") != "learn") return PositionKind.None;
        return arguments.Flag("no_embed_class", its.Positions == PositionKind.Patches) ? PositionKind.Patches : PositionKind.All;
    }

    static LastNormKind LastNorm(ConfigReader arguments, Config its, PoolingKind pooling)
    {
        if (!arguments.Flag("final_norm", its.LastNorm != LastNormKind.None)) return LastNormKind.None;
        bool usual = Averages(pooling); // where neither the arguments nor the variant say otherwise
        if (Averages(its.Pooling) && its.LastNorm == LastNormKind.BeforePool) usual = false;
        if (!Averages(its.Pooling) && its.LastNorm == LastNormKind.AfterPool) usual = true;
        return arguments.Flag("fc_norm", usual) ? LastNormKind.AfterPool : LastNormKind.BeforePool;
    }

    static NormKind Norm(ConfigReader arguments, NormKind fallback)
    {
        NormKind found = fallback;
        foreach (string key in (ReadOnlySpan<string>)["embed_norm_layer", "norm_layer"])
            if (arguments.Has(key))
                found = arguments.Text(key, "").Replace("_", "").ToLowerInvariant() switch
                {
                    "layernorm" => NormKind.Layer,
                    "rmsnorm" => NormKind.Rms,
                    var other => throw new NotSupportedException(
                        $"{arguments.Where}: {key}: Graft knows layernorm and rmsnorm, found \"{other}\""),
                };
        return found;
    }

    /// <summary>
    /// The variant that such a network is but for the size of its images; else the first from which arguments make it.
    /// </summary>
    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        Config its = (Config)config with { Resampling = Resampling.BicubicAntialiased };
        foreach (bool exact in (ReadOnlySpan<bool>)[true, false])
            foreach (ModelVariant variant in Variants)
            {
                if (variant.Origin != Origin.Timm) continue;
                var from = (Config)variant.Config;
                Config asked = exact ? its with { ImageHeight = from.ImageHeight, ImageWidth = from.ImageWidth } : its;
                if (exact && Signature(asked) != Signature(from)) continue;
                byte[] arguments = Json(writer => WriteTimm(from, its, writer));
                using JsonDocument document = JsonDocument.Parse(arguments);
                ModelConfig again = FromTimm(from, new ConfigReader(document.RootElement, "model_args"));
                if (Signature(again) != Signature(its)) continue; // some of it has no argument
                bool none = !document.RootElement.EnumerateObject().Any();
                return (variant.Name, none ? null : writer => WriteTimm(from, its, writer));
            }
        return null;
    }

    static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>The arguments that make one network of another.</summary>
    private protected virtual void WriteTimm(Config from, Config to, Utf8JsonWriter writer)
    {
        WriteTimmSizes(from, to, writer);
        if ((to.Bias != AttentionBias.None) != (from.Bias != AttentionBias.None))
            writer.WriteBoolean("qkv_bias", to.Bias != AttentionBias.None);
        Flag("proj_bias", from.ProjectionBias, to.ProjectionBias);
        Flag("qk_norm", from.HeadNorm, to.HeadNorm);
        Flag("scale_attn_norm", from.AttentionNorm, to.AttentionNorm);
        Flag("scale_mlp_norm", from.HiddenNorm, to.HiddenNorm);
        Flag("class_token", from.ClassToken, to.ClassToken);
        if (to.Registers != from.Registers) writer.WriteNumber("reg_tokens", to.Registers);
        if (to.Positions != from.Positions && to.Positions == PositionKind.None) writer.WriteString("pos_embed", "none");
        else Flag("no_embed_class", from.Positions == PositionKind.Patches, to.Positions == PositionKind.Patches);
        Flag("pre_norm", from.FirstNorm, to.FirstNorm);
        Flag("final_norm", from.LastNorm != LastNormKind.None, to.LastNorm != LastNormKind.None);
        if (to.Pooling != from.Pooling && to.Pooling is not (PoolingKind.Distilled or PoolingKind.TokenAndMean))
            writer.WriteString("global_pool", PoolWord(to.Pooling));
        if (to.LastNorm != LastNormKind.None && (to.LastNorm != from.LastNorm || to.Pooling != from.Pooling))
            writer.WriteBoolean("fc_norm", to.LastNorm == LastNormKind.AfterPool);
        Flag("pool_include_prefix", from.PoolsPrefix, to.PoolsPrefix);
        if (to.Activation != from.Activation && ActivationNames.ToTimm(to.Activation) is { } activation)
            writer.WriteString("act_layer", activation);
        if (to.Norm != from.Norm) writer.WriteString("norm_layer", to.Norm == NormKind.Rms ? "rmsnorm" : "layernorm");
        if (to.PatchNorm && !from.PatchNorm)
            writer.WriteString("embed_norm_layer", to.Norm == NormKind.Rms ? "rmsnorm" : "layernorm");

        void Flag(string key, bool before, bool now)
        {
            if (before != now) writer.WriteBoolean(key, now);
        }
    }

    private protected void WriteTimmSizes(Config from, Config to, Utf8JsonWriter writer)
    {
        if ((to.ImageHeight, to.ImageWidth) != (from.ImageHeight, from.ImageWidth))
            writer.WriteNumbers("img_size", [to.ImageHeight, to.ImageWidth]);
        if (to.Patch != from.Patch) writer.WriteNumber("patch_size", to.Patch);
        if (to.Width != from.Width) writer.WriteNumber("embed_dim", to.Width);
        if (to.Depth != from.Depth) writer.WriteNumber("depth", to.Depth);
        if (to.Heads != from.Heads) writer.WriteNumber("num_heads", to.Heads);
        if ((to.Width, to.Hidden) != (from.Width, from.Hidden))
        {
            int hidden = to.Hidden * RatioCounts(to);
            double ratio = (double)hidden / to.Width;
            writer.WriteNumber("mlp_ratio", (int)(to.Width * ratio) == hidden ? ratio : (hidden + 0.5) / to.Width);
        }
        if (to.LayerScale is { } scale && from.LayerScale is null) writer.WriteNumber("init_values", scale);
        if (to.LayerScale is null && from.LayerScale is not null) writer.WriteNull("init_values");
    }
}
