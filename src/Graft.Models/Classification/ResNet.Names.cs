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
        config.Require("num_channels", "3");
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
            its.PaddedShortcuts ||
            its.InnerActivation != ActivationKind.Relu || its.OutputStride != 32 ||
            its.Bottlenecks.Any(kind => kind != bottleneck) ||
            ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        writer.WriteNumber("num_channels", 3);
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
        arguments.Require("in_chans", "3");
        arguments.Require("replace_stem_pool", "false");
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
        Config result = its with
        {
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
        return (bottleneck ? "resnet50" : "resnet18", writer =>
        {
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
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [], max: 512);
        StemKind stem = config.Name("stem", StemKind.Plain);
        return new Config
        {
            Depths = depths,
            Widths = config.Ints("widths", [], count: depths.Length),
            Bottlenecks = [.. config.Ints("bottlenecks", [], count: depths.Length, min: 0, max: 1).Select(kind => kind == 1)],
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
        };
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        foreach (Origin origin in (ReadOnlySpan<Origin>)[Origin.TorchVision, Origin.HuggingFace])
        {
            NameMap names = Names(origin, null!);
            string Of(string ours) => names.ToTheirs(ours) ?? "";
            if (!tensors.Has(Of("layer1.0.conv1.weight")) || !tensors.Has(Of("layer1.0.bn1.weight"))) continue;
            // attention in blocks is of other families
            if (tensors.Names.Any(name => name.Contains(".se.", StringComparison.Ordinal))) return null;
            int stages = tensors.CountWhile(i => Of($"layer{i + 1}.0.conv1.weight"));
            if (stages > 16) return null;
            List<int> depths = [], widths = [];
            List<bool> bottlenecks = [];
            for (int stage = 1; stage <= stages; stage++)
            {
                bottlenecks.Add(tensors.Has(Of($"layer{stage}.0.conv3.weight")));
                depths.Add(tensors.CountWhile(i => Of($"layer{stage}.{i}.conv1.weight")));
                widths.Add(tensors.Size(Of($"layer{stage}.0.conv{(bottlenecks[^1] ? 3 : 2)}.weight"), 0));
            }
            bool deep = tensors.Has("conv1.6.weight");
            bool small = !deep && tensors.Size(Of("conv1.weight"), 2) == 3;
            bool averaged = tensors.Names.Any(name => name.EndsWith(".downsample.2.weight", StringComparison.Ordinal));
            bool projected = tensors.Names.Any(name => name.Contains("downsample", StringComparison.Ordinal));
            string[] stem = deep ? ["conv1.0.weight", "conv1.3.weight", "conv1.6.weight"] : [Of("conv1.weight")];
            var config = new Config
            {
                Depths = depths,
                Widths = widths,
                Bottlenecks = bottlenecks,
                Stem = deep ? StemKind.Deep : small ? StemKind.Cifar : StemKind.Plain,
                StemWidths = [.. stem.Select(name => tensors.Size(name, 0))],
                AveragedShortcuts = averaged,
                PaddedShortcuts = small && !projected,
            };
            if (bottlenecks.Contains(true))
            {
                int stage = bottlenecks.IndexOf(true) + 1; // width = floor(planes * groupWidth / 64) * groups
                string middle = Of($"layer{stage}.0.conv2.weight");
                int width = tensors.Size(middle, 0), each = tensors.Size(middle, 1);
                int planes = widths[stage - 1] / 4;
                if (width == 0 || each == 0 || planes == 0 || width % each != 0) return null;
                int groups = width / each;
                config = config with { Groups = groups, GroupWidth = (int)Math.Round(64.0 * each / planes) };
            }
            if (widths.Contains(0) || config.StemWidths.Contains(0)) return null;
            bool linear = tensors.Has("linear.weight");
            Origin found = linear ? Origin.Cifar : origin == Origin.HuggingFace ? origin
                : deep || averaged || VariantOf(Origin.TorchVision, config) is null ? Origin.Timm : Origin.TorchVision;
            if (found == Origin.Timm && config.Stem == StemKind.Cifar) found = Origin.Cifar;
            int classes = tensors.Size(Names(found, config).ToTheirs("fc.weight")!, 0);
            return new Recognition(this, found, config with { Classes = classes });
        }
        return null;
    }
}
