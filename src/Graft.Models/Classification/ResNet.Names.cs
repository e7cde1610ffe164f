using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class ResNet
{
    static readonly NameMap huggingFace =
    [
        ("conv1", "resnet.embedder.embedder.convolution"),
        ("bn1", "resnet.embedder.embedder.normalization"),
        .. Enumerable.Range(0, 16).SelectMany(
            stage => HuggingFaceStage($"layer{stage + 1}.*", $"resnet.encoder.stages.{stage}.layers.*")),
        ("fc", "classifier.1"),
    ];

    static readonly NameMap cifar = [("fc", "linear"), ("", "")];

    static IEnumerable<(string, string)> HuggingFaceStage(string ours, string theirs)
    {
        for (int i = 0; i < 3; i++)
        {
            yield return ($"{ours}.conv{i + 1}", $"{theirs}.layer.{i}.convolution");
            yield return ($"{ours}.bn{i + 1}", $"{theirs}.layer.{i}.normalization");
        }
        yield return ($"{ours}.downsample.0", $"{theirs}.shortcut.convolution");
        yield return ($"{ours}.downsample.1", $"{theirs}.shortcut.normalization");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace, Origin.Cifar];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.TorchVision or Origin.Timm => NameMap.Same,
        Origin.HuggingFace => huggingFace,
        Origin.Cifar => cifar,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    internal override string HuggingFaceType => "resnet";
    internal override string HuggingFaceClass => "ResNetForImageClassification";
    internal override string HeadPath => "fc";
    internal override string HuggingFacePrefix => "resnet.";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        config.Require("layer_type", "bottleneck", "basic");
        int[] depths = config.Ints("depths", [3, 4, 6, 3], max: 512);
        int[] widths = config.Ints("hidden_sizes", [256, 512, 1024, 2048], count: depths.Length);
        bool bottleneck = config.Text("layer_type", "bottleneck") == "bottleneck";
        if (bottleneck && widths.Min() < 4)
            throw new InvalidDataException(
                $"{config.Where}: hidden_sizes: expected at least 4 for bottlenecks, found {widths.Min()}");
        return new Config
        {
            Depths = depths,
            Widths = widths,
            Bottlenecks = [.. depths.Select(_ => bottleneck)],
            StemWidths = [config.Int("embedding_size", 64)],
            StrideFirst = bottleneck && config.Flag("downsample_in_bottleneck", false),
            FirstStageStrides = config.Flag("downsample_in_first_stage", false),
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", "relu"), $"{config.Where}: hidden_act"),
        };
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        bool bottleneck = its.Bottlenecks[0];
        if (its.Stem != StemKind.Plain || its.Groups != 1 || its.GroupWidth != 64 || its.AveragedShortcuts ||
            its.PaddedShortcuts || its.Attention != AttentionKind.None || its.ConvolvedPool ||
            its.InnerActivation != ActivationKind.Relu || its.OutputStride != 32 ||
            its.Bottlenecks.Any(kind => kind != bottleneck) ||
            ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        writer.WriteNumber("embedding_size", its.StemWidths[0]);
        writer.WriteNumbers("hidden_sizes", its.Widths);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteString("layer_type", bottleneck ? "bottleneck" : "basic");
        writer.WriteString("hidden_act", activation);
        writer.WriteBoolean("downsample_in_first_stage", its.FirstStageStrides);
        writer.WriteBoolean("downsample_in_bottleneck", its.StrideFirst);
        return true;
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("block_reduce_first", "1");
        arguments.Require("down_kernel_size", "1");
        arguments.Require("norm_layer", "batchnorm2d", "batchnorm");
        arguments.Require("output_stride", "8", "16", "32");
        arguments.Ignore("num_classes", "global_pool", "zero_init_last", "drop_block_rate", "drop_rate");
        int[] depths = arguments.Ints("layers", [.. its.Depths], max: 512);
        IReadOnlyList<bool> bottlenecks = its.Bottlenecks;
        if (depths.Length != bottlenecks.Count)
        {
            if (bottlenecks.Any(kind => kind != bottlenecks[0]) || depths.Length > 16)
                throw new InvalidDataException(
                    $"{arguments.Where}: layers: expected {bottlenecks.Count} numbers, found {depths.Length}");
            bottlenecks = [.. depths.Select(_ => its.Bottlenecks[0])];
        }
        int[] planes = [.. its.Widths.Select((width, stage) => width / (its.Bottlenecks[stage] ? 4 : 1))];
        planes = arguments.Ints("channels", planes, count: depths.Length, max: 16384);
        int[] widths = [.. planes.Select((width, stage) => width * (bottlenecks[stage] ? 4 : 1))];
        (StemKind stem, IReadOnlyList<int> stemWidths) = TimmStem(its, arguments);
        ActivationKind activation = arguments.Has("act_layer")
            ? ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer") : its.Activation;
        (AttentionKind attention, double ratio) = TimmAttention(its, arguments.Section("block_args"));
        Config result = its with
        {
            Attention = attention,
            SqueezeRatio = ratio,
            ConvolvedPool = arguments.Flag("replace_stem_pool", its.ConvolvedPool),
            Depths = depths,
            Bottlenecks = bottlenecks,
            Widths = widths,
            Stem = stem,
            StemWidths = stemWidths,
            Groups = arguments.Int("cardinality", its.Groups),
            GroupWidth = arguments.Int("base_width", its.GroupWidth),
            AveragedShortcuts = arguments.Flag("avg_down", its.AveragedShortcuts),
            OutputStride = arguments.Int("output_stride", its.OutputStride),
            Activation = activation,
            InnerActivation = activation,
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
        if (result.AveragedShortcuts && result.OutputStride != 32)
            throw new NotSupportedException($"{arguments.Where}: output_stride {result.OutputStride} together with avg_down");
        if (bottlenecks.Contains(false) && (result.Groups != 1 || result.GroupWidth != 64))
            throw new InvalidDataException($"{arguments.Where}: cardinality and base_width: basic blocks have neither");
        return result;
    }

    static (AttentionKind, double) TimmAttention(Config its, ConfigReader? block)
    {
        if (block is null) return (its.Attention, its.SqueezeRatio);
        block.Require("attn_layer", "se", "eca", "");
        AttentionKind kind = block.Text("attn_layer", "") switch
        {
            "se" => AttentionKind.SqueezeExcite,
            "eca" => AttentionKind.Efficient,
            _ => AttentionKind.None,
        };
        ConfigReader? settings = block.Section("attn_kwargs");
        double ratio = settings?.Number("rd_ratio", 1 / 16.0, 1e-3, 16) ?? 1 / 16.0;
        settings?.RefuseUnknown();
        block.RefuseUnknown();
        return (kind, ratio);
    }

    static (StemKind, IReadOnlyList<int>) TimmStem(Config its, ConfigReader arguments)
    {
        arguments.Require("stem_type", "", "deep", "deep_tiered");
        bool tiered = its.Stem == StemKind.Deep && its.StemWidths[0] != its.StemWidths[1];
        string type = arguments.Text("stem_type", its.Stem == StemKind.Plain ? "" : tiered ? "deep_tiered" : "deep");
        int width = arguments.Int("stem_width", its.Stem == StemKind.Deep ? its.StemWidths[1] : 64, max: 16384);
        return type.Length == 0 ? (StemKind.Plain, [64])
            : (StemKind.Deep, [type == "deep" ? width : Math.Max(1, 3 * (width / 4)), width, 2 * width]);
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        if (VariantOf(Origin.Timm, config) is { } named) return (named.Name, null);
        var its = (Config)config;
        bool bottleneck = its.Bottlenecks[0];
        string? activation = ActivationNames.ToTimm(its.Activation);
        if (its.Stem == StemKind.Cifar || its.PaddedShortcuts || its.StrideFirst || its.FirstStageStrides || activation is null ||
            its.InnerActivation != its.Activation || its.Bottlenecks.Any(kind => kind != bottleneck) ||
            (bottleneck && its.Widths.Any(width => width % 4 != 0)) || its.Depths.Count != 4)
            return null;
        string type = "";
        if (its.Stem == StemKind.Plain && its.StemWidths[0] != 64) return null;
        if (its.Stem == StemKind.Deep)
        {
            (int first, int second, int third) = (its.StemWidths[0], its.StemWidths[1], its.StemWidths[2]);
            if (third != 2 * second || (first != second && first != 3 * (second / 4))) return null;
            type = first == second ? "deep" : "deep_tiered";
        }
        // a ratio of its own has no name in the arguments: only ResNet-RS has one
        bool squeezes = its.Attention == AttentionKind.SqueezeExcite, scaled = squeezes && its.SqueezeRatio != 1 / 16.0;
        if (scaled && (its.SqueezeRatio != 0.25 || !bottleneck)) return null;
        return (scaled ? "resnetrs50" : bottleneck ? "resnet50" : "resnet18", writer =>
        {
            if (scaled && !its.AveragedShortcuts) writer.WriteBoolean("avg_down", false);
            if (scaled && type.Length == 0) writer.WriteString("stem_type", "");
            if (scaled != its.ConvolvedPool) writer.WriteBoolean("replace_stem_pool", its.ConvolvedPool);
            if (its.Attention != AttentionKind.None && !scaled)
            {
                writer.WriteStartObject("block_args");
                writer.WriteString("attn_layer", squeezes ? "se" : "eca");
                writer.WriteEndObject();
            }
            writer.WriteNumbers("layers", its.Depths);
            writer.WriteNumbers("channels", its.Widths.Select(width => bottleneck ? width / 4 : width));
            if (type.Length > 0) writer.WriteString("stem_type", type);
            if (type.Length > 0) writer.WriteNumber("stem_width", its.StemWidths[1]);
            if (its.AveragedShortcuts) writer.WriteBoolean("avg_down", true);
            if (its.Groups != 1) writer.WriteNumber("cardinality", its.Groups);
            if (its.GroupWidth != 64) writer.WriteNumber("base_width", its.GroupWidth);
            if (its.OutputStride != 32) writer.WriteNumber("output_stride", its.OutputStride);
            if (its.Activation != ActivationKind.Relu) writer.WriteString("act_layer", activation);
        }
        );
    }

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("widths", its.Widths);
        writer.WriteNumbers("bottlenecks", its.Bottlenecks.Select(kind => kind ? 1 : 0));
        writer.WriteString("stem", its.Stem.ToString());
        writer.WriteNumbers("stem_widths", its.StemWidths);
        writer.WriteNumber("groups", its.Groups);
        writer.WriteNumber("group_width", its.GroupWidth);
        writer.WriteBoolean("averaged_shortcuts", its.AveragedShortcuts);
        writer.WriteBoolean("padded_shortcuts", its.PaddedShortcuts);
        writer.WriteBoolean("stride_first", its.StrideFirst);
        writer.WriteBoolean("first_stage_strides", its.FirstStageStrides);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteString("inner_activation", its.InnerActivation.ToString());
        writer.WriteNumber("output_stride", its.OutputStride);
        writer.WriteString("attention", its.Attention.ToString());
        writer.WriteNumber("squeeze_ratio", its.SqueezeRatio);
        writer.WriteBoolean("convolved_pool", its.ConvolvedPool);
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [], max: 512), widths = config.Ints("widths", [], count: depths.Length);
        int[] bottlenecks = config.Ints("bottlenecks", [], count: depths.Length, min: 0, max: 1);
        StemKind stem = config.Name("stem", StemKind.Plain);
        if (depths.Length == 0 || widths.Length == 0 || bottlenecks.Length == 0)
            throw new InvalidDataException($"{config.Where}: expected depths, widths and bottlenecks, found not all of them");
        return new Config
        {
            Depths = depths,
            Widths = widths,
            Bottlenecks = [.. bottlenecks.Select(kind => kind == 1)],
            Stem = stem,
            StemWidths = config.Ints("stem_widths", [64], count: stem == StemKind.Deep ? 3 : 1),
            Groups = config.Int("groups", 1),
            GroupWidth = config.Int("group_width", 64),
            AveragedShortcuts = config.Flag("averaged_shortcuts", false),
            PaddedShortcuts = config.Flag("padded_shortcuts", false),
            StrideFirst = config.Flag("stride_first", false),
            FirstStageStrides = config.Flag("first_stage_strides", false),
            Activation = config.Name("activation", ActivationKind.Relu),
            InnerActivation = config.Name("inner_activation", ActivationKind.Relu),
            OutputStride = config.Int("output_stride", 32),
            Attention = config.Name("attention", AttentionKind.None),
            SqueezeRatio = config.Number("squeeze_ratio", 1 / 16.0, 1e-3, 16),
            ConvolvedPool = config.Flag("convolved_pool", false),
        };
    }
}
