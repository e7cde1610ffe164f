using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public abstract partial class VisionTransformer
{
    private protected const int MostWidth = 1 << 15, MostDepth = 512, MostHidden = 1 << 18, MostSide = 16384;

    internal sealed override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumbers("image_size", [its.ImageHeight, its.ImageWidth]);
        writer.WriteNumber("patch", its.Patch);
        writer.WriteNumber("width", its.Width);
        writer.WriteNumber("depth", its.Depth);
        writer.WriteNumber("heads", its.Heads);
        writer.WriteNumber("hidden", its.Hidden);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteBoolean("gated", its.Gated);
        writer.WriteString("bias", its.Bias.ToString());
        writer.WriteBoolean("projection_bias", its.ProjectionBias);
        writer.WriteBoolean("head_norm", its.HeadNorm);
        writer.WriteBoolean("attention_norm", its.AttentionNorm);
        writer.WriteBoolean("hidden_norm", its.HiddenNorm);
        writer.WriteBoolean("layer_scale", its.LayerScale is not null); // its first value changes no network
        writer.WriteBoolean("class_token", its.ClassToken);
        writer.WriteBoolean("distillation_token", its.DistillationToken);
        writer.WriteNumber("registers", its.Registers);
        writer.WriteString("positions", its.Positions.ToString());
        writer.WriteString("relative", its.Relative.ToString());
        writer.WriteString("resampling", its.Resampling.ToString());
        writer.WriteBoolean("patch_bias", its.PatchBias);
        writer.WriteBoolean("patch_norm", its.PatchNorm);
        writer.WriteBoolean("first_norm", its.FirstNorm);
        writer.WriteString("last_norm", its.LastNorm.ToString());
        writer.WriteString("norm", its.Norm.ToString());
        writer.WriteNumber("eps", its.Eps);
        writer.WriteString("pooling", its.Pooling.ToString());
        writer.WriteBoolean("pools_prefix", its.PoolsPrefix);
        writer.WriteBoolean("projection", its.Projection);
    }

    internal sealed override ModelConfig Read(ConfigReader config)
    {
        int[] size = config.Ints("image_size", [224, 224], count: 2, max: MostSide);
        int width = config.Int("width", 768, max: MostWidth);
        return new Config
        {
            ImageHeight = size[0],
            ImageWidth = size[1],
            Patch = config.Int("patch", 16, max: 1024),
            Width = width,
            Depth = config.Int("depth", 12, max: MostDepth),
            Heads = config.Int("heads", 12, max: MostWidth),
            Hidden = config.Int("hidden", 4 * width, max: MostHidden),
            Activation = config.Name("activation", ActivationKind.Gelu),
            Gated = config.Flag("gated", false),
            Bias = config.Name("bias", AttentionBias.All),
            ProjectionBias = config.Flag("projection_bias", true),
            HeadNorm = config.Flag("head_norm", false),
            AttentionNorm = config.Flag("attention_norm", false),
            HiddenNorm = config.Flag("hidden_norm", false),
            LayerScale = config.Flag("layer_scale", false) ? 1e-5 : null,
            ClassToken = config.Flag("class_token", true),
            DistillationToken = config.Flag("distillation_token", false),
            Registers = config.Int("registers", 0, min: 0, max: 4096),
            Positions = config.Name("positions", PositionKind.All),
            Relative = config.Name("relative", RelativeKind.None),
            Resampling = config.Name("resampling", Resampling.Bicubic),
            PatchBias = config.Flag("patch_bias", true),
            PatchNorm = config.Flag("patch_norm", false),
            FirstNorm = config.Flag("first_norm", false),
            LastNorm = config.Name("last_norm", LastNormKind.BeforePool),
            Norm = config.Name("norm", NormKind.Layer),
            Eps = config.Number("eps", 1e-6, 0, 1),
            Pooling = config.Name("pooling", PoolingKind.Token),
            PoolsPrefix = config.Flag("pools_prefix", false),
            Projection = config.Flag("projection", false),
        };
    }

    /// <summary>What transformers' configurations of these networks have in common.</summary>
    private protected static Config FromHuggingFace(ConfigReader config, int patch, double eps, string activation = "gelu")
    {
        int width = config.Int("hidden_size", 768, max: MostWidth);
        (int height, int across) = Sides(config, "image_size", 224);
        return new Config
        {
            ImageHeight = height,
            ImageWidth = across,
            Patch = Side(config, "patch_size", patch),
            Width = width,
            Depth = config.Int("num_hidden_layers", 12, max: MostDepth),
            Heads = config.Int("num_attention_heads", 12, max: MostWidth),
            Hidden = config.Int("intermediate_size", 3072, max: MostHidden),
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", activation), $"{config.Where}: hidden_act"),
            Bias = config.Flag("qkv_bias", true) ? AttentionBias.All : AttentionBias.None,
            Eps = config.Number("layer_norm_eps", eps, 0, 1),
            HeadStart = HeadStart.TruncatedNormal,
        };
    }

    /// <summary>The same, written; false, having written nothing, where transformers has no such blocks.</summary>
    private protected static bool WriteHuggingFace(Config its, Utf8JsonWriter writer)
    {
        if (its.HeadNorm || its.AttentionNorm || its.HiddenNorm || its.PatchNorm || !its.ProjectionBias ||
            its.Norm != NormKind.Layer || its.PoolsPrefix || ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        if (its.ImageHeight == its.ImageWidth) writer.WriteNumber("image_size", its.ImageHeight);
        else writer.WriteNumbers("image_size", [its.ImageHeight, its.ImageWidth]);
        writer.WriteNumber("patch_size", its.Patch);
        writer.WriteNumber("hidden_size", its.Width);
        writer.WriteNumber("num_hidden_layers", its.Depth);
        writer.WriteNumber("num_attention_heads", its.Heads);
        writer.WriteString("hidden_act", activation);
        writer.WriteReal("layer_norm_eps", its.Eps);
        writer.WriteNumber("initializer_range", 0.02);
        return true;
    }

    private protected static RelativeKind Relatives(bool perBlock, bool shared) => (perBlock, shared) switch
    {
        (true, true) => RelativeKind.Both,
        (true, false) => RelativeKind.PerBlock,
        (false, true) => RelativeKind.Shared,
        _ => RelativeKind.None,
    };

    /// <summary>The first class in a Hugging Face config's <c>architectures</c>; empty where there is none.</summary>
    private protected static string ClassIn(ConfigReader config) =>
        config.Element.TryGetProperty("architectures", out JsonElement list) && list.ValueKind == JsonValueKind.Array &&
        list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? list[0].GetString()! : "";

    /// <summary>One number for both sides, or two: height and width.</summary>
    private protected static (int Height, int Width) Sides(ConfigReader config, string key, int fallback)
    {
        if (config.IsNumber(key) || !config.Has(key))
        {
            int side = config.Int(key, fallback, max: MostSide);
            return (side, side);
        }
        int[] sides = config.Ints(key, [], max: MostSide);
        return (sides[0], sides[^1]);
    }

    /// <summary>One number, or two equal ones.</summary>
    private protected static int Side(ConfigReader config, string key, int fallback)
    {
        (int height, int width) = Sides(config, key, fallback);
        return height == width ? height : throw new NotSupportedException(
            $"{config.Where}: {key}: only squares are known, found {height} x {width}");
    }
}
