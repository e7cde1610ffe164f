using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class Swin
{
    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("norm_layer", "layernorm");
        arguments.Ignore(
            "num_classes", "global_pool", "proj_drop_rate", "attn_drop_rate", "strict_img_size", "weight_init", "embed_layer");
        int[] depths = arguments.Ints("depths", [.. its.Depths], max: 512);
        int stages = depths.Length;
        bool always = arguments.Flag("always_partition", its.Rule == WindowRule.TimmAlwaysPartition);
        int[] windows = arguments.IsNumber("window_size") ? PerStage(arguments.Int("window_size", 7, max: MaxWindow), stages)
            : arguments.Ints("window_size", Fitted(its.Windows, stages), max: MaxWindow);
        if (windows.Length == 2 && stages != 2 && windows[0] == windows[1]) windows = PerStage(windows[0], stages);
        Config result = its with
        {
            Depths = depths,
            Heads = arguments.Ints("num_heads", [.. its.Heads], count: stages),
            Width = arguments.Int("embed_dim", its.Width),
            Windows = windows,
            Patch = Side(arguments, "patch_size", its.Patch, 256)[0],
            ImageSize = arguments.Has("img_size") ? Side(arguments, "img_size", 224, 16384) : its.ImageSize,
            Bias = arguments.Flag("qkv_bias", its.Bias),
            MlpRatios = arguments.Has("mlp_ratio") ? Ratios(arguments) : its.MlpRatios,
            Rule = RuleOf(arguments, always ? WindowRule.TimmAlwaysPartition : WindowRule.Timm),
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
            InputChannels = arguments.Int("in_chans", its.InputChannels, max: 64),
        };
        if (its.V2)
            result = result with
            {
                PretrainedWindows = arguments.Ints(
                    "pretrained_window_sizes", Fitted(its.PretrainedWindows, stages), count: stages, min: 0, max: 1024),
                Activation = arguments.Has("act_layer")
                    ? ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer") : its.Activation,
            };
        else if (arguments.Has("head_dim"))
            result = result with
            {
                HeadWidths = arguments.IsNumber("head_dim") ? PerStage(arguments.Int("head_dim", 32), stages)
                    : arguments.Ints("head_dim", [], count: stages),
            };
        if (result.PretrainedWindows.All(side => side == 0)) result = result with { PretrainedWindows = [] };
        return Checked(Sized(result, result.ImageSize[0], result.ImageSize[1]), arguments.Where);
    }

    internal override ModelConfig AtSize(ModelConfig config, int height, int width) => Sized((Config)config, height, width);

    /// <summary>timm builds its tables for windows no larger than the maps of the images it was built for.</summary>
    static Config Sized(Config config, int height, int width)
    {
        config = config with { ImageSize = [height, width] };
        if (config.V2 || config.Rule != WindowRule.Timm || config.Depths.Count > MaxStages) return config;
        int side = Math.Min(height, width) / config.Patch;
        int[] tables = [.. config.Windows.Select((window, stage) => Math.Max(1, Math.Min(window, side >> stage)))];
        return config with { TableWindows = tables.SequenceEqual(config.Windows) ? [] : tables };
    }

    static int[] PerStage(int value, int stages) => [.. Enumerable.Repeat(value, stages)];

    static int[] Fitted(IReadOnlyList<int> values, int stages) =>
        [.. Enumerable.Range(0, stages).Select(i => values.Count > 0 ? values[Math.Min(i, values.Count - 1)] : 0)];

    static double[] Ratios(ConfigReader arguments)
    {
        if (arguments.IsNumber("mlp_ratio")) return [arguments.Number("mlp_ratio", 4, 0.01, 64)];
        JsonElement list = arguments.Element.GetProperty("mlp_ratio");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 1 or > MaxStages ||
            list.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.Number))
            throw arguments.Wrong("mlp_ratio", "a number, or one for each stage", list);
        return [.. list.EnumerateArray().Select(each => Math.Clamp(each.GetDouble(), 0.01, 64))];
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        var its = (Config)config;
        bool theirs = its.Rule is WindowRule.Timm or WindowRule.TimmAlwaysPartition;
        if (VariantOf(Origin.Timm, config) is { } named) return (named.Name, null);
        if (its.Positions || its.Eps != 1e-5 || (!theirs && !IsEven(its)) || (!its.V2 && its.Activation != ActivationKind.Gelu) ||
            ActivationNames.ToTimm(its.Activation) is not { } activation)
            return null;
        // with timm's own rule it may be one of its named networks
        Config timms = theirs ? its : its with { Rule = WindowRule.Timm };
        string architecture = VariantOf(Origin.Timm, timms)?.Name ?? (its.V2 ? "swinv2_tiny_window8_256"
            : "swin_tiny_patch4_window7_224");
        var basis = (Config)ModelZoo.FindVariant("timm:" + architecture).Config;
        return (architecture, writer =>
        {
            if (!theirs || !its.ImageSize.SequenceEqual(basis.ImageSize)) writer.WriteNumbers("img_size", its.ImageSize);
            if (its.Patch != basis.Patch) writer.WriteNumber("patch_size", its.Patch);
            if (its.InputChannels != 3) writer.WriteNumber("in_chans", its.InputChannels);
            if (its.Width != basis.Width) writer.WriteNumber("embed_dim", its.Width);
            if (!its.Depths.SequenceEqual(basis.Depths)) writer.WriteNumbers("depths", its.Depths);
            if (!its.Heads.SequenceEqual(basis.Heads)) writer.WriteNumbers("num_heads", its.Heads);
            if (its.HeadWidths.Count > 0) writer.WriteNumbers("head_dim", its.HeadWidths);
            if (!its.Windows.SequenceEqual(basis.Windows))
            {
                // two numbers would be a height and a width
                if (its.Windows.All(side => side == its.Windows[0])) writer.WriteNumber("window_size", its.Windows[0]);
                else writer.WriteNumbers("window_size", its.Windows);
            }
            if (its.MlpRatios.Any(ratio => ratio != 4)) WriteRatios(its, writer);
            if (!its.Bias) writer.WriteBoolean("qkv_bias", false);
            if (its.Rule == WindowRule.TimmAlwaysPartition) writer.WriteBoolean("always_partition", true);
            if (its.PretrainedWindows.Count > 0 && !its.PretrainedWindows.SequenceEqual(basis.PretrainedWindows))
                writer.WriteNumbers("pretrained_window_sizes", its.PretrainedWindows);
            if (its.Activation != ActivationKind.Gelu) writer.WriteString("act_layer", activation);
            if (!theirs) writer.WriteString("graft_window_rule", its.Rule.ToString());
        }
        );
    }

    static void WriteRatios(Config config, Utf8JsonWriter writer)
    {
        if (config.MlpRatios.Count == 1)
        {
            writer.WriteNumber("mlp_ratio", config.MlpRatios[0]);
            return;
        }
        writer.WriteStartArray("mlp_ratio");
        foreach (double ratio in config.MlpRatios) writer.WriteNumberValue(ratio);
        writer.WriteEndArray();
    }
}
