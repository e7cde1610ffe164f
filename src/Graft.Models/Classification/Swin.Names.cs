using System.Globalization;
using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class Swin
{
    const int MaxStages = 8, MaxWindow = 128;

    static readonly NameMap huggingFace = [.. HuggingFaceNames("swin"), ("layers.*.blocks.*.attn.qkv", Joined("swin"))];

    static readonly NameMap huggingFaceV2 =
    [
        .. HuggingFaceNames("swinv2"),
        ("layers.*.blocks.*.attn.qkv.weight", Joined("swinv2") + ".weight"),
        ("layers.*.blocks.*.attn.q_bias", "swinv2.encoder.layers.*.blocks.*.attention.self.query.bias"),
        ("layers.*.blocks.*.attn.v_bias", "swinv2.encoder.layers.*.blocks.*.attention.self.value.bias"),
        ("layers.*.blocks.*.attn.logit_scale", "swinv2.encoder.layers.*.blocks.*.attention.self.logit_scale"),
        ("layers.*.blocks.*.attn.cpb_mlp.*", "swinv2.encoder.layers.*.blocks.*.attention.self.continuous_position_bias_mlp.*"),
    ];

    static readonly NameMap torchVision = [.. TorchVisionNames(v2: false)], torchVisionV2 = [.. TorchVisionNames(v2: true)];

    static string Joined(string prefix) => $"{prefix}.encoder.layers.*.blocks.*.attention.self.{{query,key,value}}";

    /// <summary>transformers halves the map at a stage's end, where timm and we do at the next one's start.</summary>
    static IEnumerable<(string, string)> HuggingFaceNames(string prefix)
    {
        yield return ("patch_embed.proj", $"{prefix}.embeddings.patch_embeddings.projection");
        yield return ("patch_embed.norm", $"{prefix}.embeddings.norm");
        yield return ("absolute_pos_embed", $"{prefix}.embeddings.position_embeddings");
        for (int stage = 1; stage < MaxStages; stage++)
            yield return ($"layers.{stage}.downsample", $"{prefix}.encoder.layers.{stage - 1}.downsample");
        string ours = "layers.*.blocks.*", theirs = $"{prefix}.encoder.layers.*.blocks.*";
        yield return ($"{ours}.attn.proj", $"{theirs}.attention.output.dense");
        yield return ($"{ours}.attn.relative_position_bias_table", $"{theirs}.attention.self.relative_position_bias_table");
        yield return ($"{ours}.norm1", $"{theirs}.layernorm_before");
        yield return ($"{ours}.norm2", $"{theirs}.layernorm_after");
        yield return ($"{ours}.mlp.fc1", $"{theirs}.intermediate.dense");
        yield return ($"{ours}.mlp.fc2", $"{theirs}.output.dense");
        yield return ("norm", $"{prefix}.layernorm");
        yield return ("head.fc", "classifier");
    }

    /// <summary>Patches, stages and what halves the map between them are one numbered list.</summary>
    static IEnumerable<(string, string)> TorchVisionNames(bool v2)
    {
        yield return ("patch_embed.proj", "features.0.0");
        yield return ("patch_embed.norm", "features.0.2");
        for (int stage = 0; stage < MaxStages; stage++)
        {
            string ours = $"layers.{stage}.blocks.*", theirs = $"features.{2 * stage + 1}.*";
            if (stage > 0) yield return ($"layers.{stage}.downsample", $"features.{2 * stage}");
            if (v2)
            {
                yield return ($"{ours}.attn.qkv.weight", $"{theirs}.attn.qkv.weight");
                yield return ($"{ours}.attn.{{q_bias,-,v_bias}}", $"{theirs}.attn.qkv.bias");
            }
            yield return ($"{ours}.mlp.fc1", $"{theirs}.mlp.0");
            yield return ($"{ours}.mlp.fc2", $"{theirs}.mlp.3");
            yield return (ours, theirs);
        }
        yield return ("norm", "norm");
        yield return ("head.fc", "head");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => ((Config)config).V2 ? torchVisionV2 : torchVision,
        Origin.HuggingFace => ((Config)config).V2 ? huggingFaceV2 : huggingFace,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    internal override bool DependsOnSize => true;
    internal override string HuggingFaceType => "swin";
    internal override IReadOnlyList<string> HuggingFaceTypes { get; } = ["swin", "swinv2"];
    internal override string HuggingFaceTypeOf(ModelConfig config) => ((Config)config).V2 ? "swinv2" : "swin";
    internal override string HuggingFaceClass => "SwinForImageClassification";
    internal override string HuggingFaceClassOf(ModelConfig config) =>
        ((Config)config).V2 ? "Swinv2ForImageClassification" : HuggingFaceClass;
    internal override string HeadPath => "head.fc";
    internal override string HuggingFacePrefix => "swin.";
    internal override string HuggingFacePrefixOf(ModelConfig config) => HuggingFaceTypeOf(config) + ".";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        bool v2 = config.Text("model_type", "swin") == "swinv2";
        int[] depths = config.Ints("depths", [2, 2, 6, 2], max: 512);
        int window = config.Int("window_size", 7, max: MaxWindow);
        int patch = Side(config, "patch_size", 4, 256)[0];
        int[] pretrained = v2 ? config.Ints("pretrained_window_sizes", [0, 0, 0, 0], min: 0, max: 1024) : [];
        if (v2 && pretrained.Length < depths.Length)
        {
            if (pretrained.Any(each => each > 0) || config.Has("pretrained_window_sizes"))
                throw new InvalidDataException(
                    $"{config.Where}: pretrained_window_sizes: expected {depths.Length} numbers, found {pretrained.Length}");
            pretrained = new int[depths.Length];
        }
        bool positions = config.Flag("use_absolute_embeddings", false);
        if (positions && v2)
            throw new NotSupportedException(
                $"{config.Where}: use_absolute_embeddings: transformers' swinv2 cannot run with it, and Graft does not either");
        return Checked(new Config
        {
            V2 = v2,
            Depths = depths,
            Heads = First(config, "num_heads", [3, 6, 12, 24], depths.Length),
            Width = config.Int("embed_dim", 96),
            Windows = [.. depths.Select(_ => window)],
            PretrainedWindows = v2 && pretrained.Any(each => each > 0) ? pretrained[..depths.Length] : [],
            MlpRatios = [config.Number("mlp_ratio", 4, 0.01, 64)],
            Patch = patch,
            ImageSize = Side(config, "image_size", 224, 16384),
            Rule = RuleOf(config, v2 ? WindowRule.HuggingFaceV2 : WindowRule.HuggingFace),
            Bias = config.Flag("qkv_bias", true),
            Positions = positions,
            Eps = config.Number("layer_norm_eps", 1e-5, 0, 1),
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", "gelu"), $"{config.Where}: hidden_act"),
            DropPath = config.Number("drop_path_rate", 0.1, 0, 0.999),
            InputChannels = config.Int("num_channels", 3, max: 64),
            HeadStart = HeadStart.TruncatedNormal,
        }, config.Where);
    }

    /// <summary>A number or two of them; patches must be squares.</summary>
    static int[] Side(ConfigReader config, string key, int fallback, int max)
    {
        if (!config.Has(key)) return [fallback, fallback];
        int[] sides = config.IsNumber(key) ? [config.Int(key, fallback, max: max), 0] : config.Ints(key, [], count: 2, max: max);
        if (sides[1] == 0) sides[1] = sides[0];
        if (key == "patch_size" && sides[0] != sides[1])
            throw new NotSupportedException($"{config.Where}: {key}: Graft knows square patches, found {sides[0]} x {sides[1]}");
        return sides;
    }

    static int[] First(ConfigReader config, string key, int[] fallback, int count)
    {
        int[] values = config.Ints(key, fallback);
        return values.Length >= count ? values[..count]
            : throw new InvalidDataException($"{config.Where}: {key}: expected {count} numbers, found {values.Length}");
    }

    /// <summary>What transformers and timm pass over: whose way with odd sizes the weights were trained for.</summary>
    static WindowRule RuleOf(ConfigReader config, WindowRule fallback) => config.Name("graft_window_rule", fallback);

    /// <summary>Refuses sizes that don't fit together, before memory is taken.</summary>
    static Config Checked(Config config, string where)
    {
        int stages = config.Depths.Count;
        if (stages > MaxStages)
            throw new InvalidDataException($"{where}: depths: expected at most {MaxStages} stages, found {stages}");
        foreach ((string key, int count) in (ReadOnlySpan<(string, int)>)
            [
                ("heads", config.Heads.Count), ("windows", config.Windows.Count),
                ("table_windows", config.TableWindows.Count > 0 ? config.TableWindows.Count : stages),
                ("pretrained_windows", config.PretrainedWindows.Count > 0 ? config.PretrainedWindows.Count : stages),
                ("head_widths", config.HeadWidths.Count > 0 ? config.HeadWidths.Count : stages),
            ])
            if (count != stages) throw new InvalidDataException($"{where}: {key}: expected {stages} numbers, found {count}");
        if ((long)config.Width << (stages - 1) > 1 << 16)
            throw new InvalidDataException($"{where}: a width of {config.Width}, doubled {stages - 1} times, is too large");
        for (int stage = 0; stage < stages; stage++)
            if (config.HeadWidths.Count == 0 && config.WidthOf(stage) % config.Heads[stage] != 0)
                throw new InvalidDataException(
                    $"{where}: expected a number of heads that divides {config.WidthOf(stage)} channels, found " +
                    $"{config.Heads[stage]}");
        for (int stage = 0; stage < stages; stage++)
            if (config.Hidden(stage) < 1 || config.Hidden(stage) > 1 << 20)
                throw new InvalidDataException($"{where}: an MLP of {config.Hidden(stage)} channels cannot be built");
        if (config.ImageSize.Min() < config.Patch)
            throw new InvalidDataException(
                $"{where}: images of {config.ImageSize.Min()} are smaller than patches of {config.Patch}");
        return config;
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        bool theirs = its.Rule == (its.V2 ? WindowRule.HuggingFaceV2 : WindowRule.HuggingFace);
        if (its.Windows.Any(side => side != its.Windows[0]) || its.TableWindows.Any(side => side != its.Windows[0]) ||
            its.MlpRatios.Any(ratio => ratio != its.MlpRatios[0]) || its.HeadWidths.Count > 0 ||
            (!theirs && !IsEven(its)) || (its.V2 && its.Positions) ||
            ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        writer.WriteNumbers("image_size", its.ImageSize);
        writer.WriteNumber("patch_size", its.Patch);
        writer.WriteNumber("embed_dim", its.Width);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("num_heads", its.Heads);
        writer.WriteNumber("window_size", its.Windows[0]);
        if (its.V2)
            writer.WriteNumbers(
                "pretrained_window_sizes", its.PretrainedWindows.Count > 0 ? its.PretrainedWindows : its.Depths.Select(_ => 0));
        writer.WritePropertyName("mlp_ratio"); // transformers' Swin V2 takes 4.0, and refuses 4
        writer.WriteRawValue(its.MlpRatios[0].ToString("0.0##############", CultureInfo.InvariantCulture));
        writer.WriteBoolean("qkv_bias", its.Bias);
        writer.WriteString("hidden_act", activation);
        writer.WriteBoolean("use_absolute_embeddings", its.Positions);
        writer.WriteNumber("layer_norm_eps", its.Eps);
        writer.WriteNumber("drop_path_rate", its.DropPath);
        writer.WriteNumber("initializer_range", 0.02);
        if (!theirs) writer.WriteString("graft_window_rule", its.Rule.ToString());
        return true;
    }

    /// <summary>Whether windows divide every map, at the size that it was built for: then the origins agree.</summary>
    static bool IsEven(Config config)
    {
        for (int stage = 0; stage < config.Depths.Count; stage++)
            foreach (int size in config.ImageSize)
            {
                int map = (size / config.Patch) >> stage, window = config.Windows[stage];
                bool whole = size % (config.Patch << stage) == 0;
                // a map smaller than its window: V2's are clipped by all but torchvision, and V1 has no table for it
                bool clipped = config.V2 && config.Rule is WindowRule.Timm or WindowRule.HuggingFaceV2 && map < window &&
                    config.ImageSize[0] == config.ImageSize[1];
                if (!whole || (!clipped && map % window != 0)) return false;
            }
        // always_partition shifts a map of one window too
        return config.Rule != WindowRule.TimmAlwaysPartition && (config.ImageSize[0] == config.ImageSize[1]);
    }

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteBoolean("v2", its.V2);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("heads", its.Heads);
        writer.WriteNumber("width", its.Width);
        writer.WriteNumbers("windows", its.Windows);
        writer.WriteNumbers("table_windows", its.Depths.Select((_, stage) => its.V2 ? 1 : its.TableWindow(stage)));
        writer.WriteNumbers("pretrained_windows", its.Depths.Select((_, stage) => its.PretrainedWindow(stage)));
        writer.WriteNumbers("head_widths", its.Depths.Select((_, stage) => its.HeadWidth(stage)));
        WriteRatios(its, writer);
        writer.WriteNumber("patch", its.Patch);
        writer.WriteNumbers("image_size", its.ImageSize);
        writer.WriteString("rule", its.Rule.ToString());
        writer.WriteBoolean("bias", its.Bias);
        writer.WriteBoolean("positions", its.Positions);
        writer.WriteNumber("eps", its.Eps);
        writer.WriteString("activation", its.Activation.ToString());
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [], max: 512);
        Config read = Checked(new Config
        {
            V2 = config.Flag("v2", false),
            Depths = depths,
            Heads = config.Ints("heads", []),
            Width = config.Int("width", 96),
            Windows = config.Ints("windows", [], max: MaxWindow),
            TableWindows = config.Ints("table_windows", [], max: MaxWindow),
            PretrainedWindows = config.Ints("pretrained_windows", [], min: 0, max: 1024),
            HeadWidths = config.Ints("head_widths", []),
            MlpRatios = config.Has("mlp_ratio") ? Ratios(config) : [4],
            Patch = config.Int("patch", 4, max: 256),
            ImageSize = config.Ints("image_size", [224, 224], count: 2, max: 16384),
            Rule = config.Name("rule", WindowRule.Timm),
            Bias = config.Flag("bias", true),
            Positions = config.Flag("positions", false),
            Eps = config.Number("eps", 1e-5, 0, 1),
            Activation = config.Name("activation", ActivationKind.Gelu),
        }, config.Where);
        // what is as usual is not set: other origins can say only that
        if (read.PretrainedWindows.All(side => side == 0)) read = read with { PretrainedWindows = [] };
        Config usual = read with { HeadWidths = [], TableWindows = [] };
        IEnumerable<int> stages = Enumerable.Range(0, depths.Length);
        if (stages.All(stage => usual.HeadWidth(stage) == read.HeadWidth(stage))) read = read with { HeadWidths = [] };
        bool usualTables = read.V2 || stages.All(stage => usual.TableWindow(stage) == read.TableWindow(stage));
        return usualTables ? read with { TableWindows = [] } : read;
    }
}
