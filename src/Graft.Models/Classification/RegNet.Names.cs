using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class RegNet
{
    const int MaxStages = 8, MaxDepth = 96;

    static readonly Lazy<NameMap> torchVision = new(() =>
    [
        ("stem.conv", "stem.0"), ("stem.bn", "stem.1"),
        .. Each((stage, block) => Rules($"trunk_output.block{stage + 1}.block{stage + 1}-{block}", stage, block,
            ["f.a.0", "f.a.1", "f.b.0", "f.b.1", "f.c.0", "f.c.1", "proj.0", "proj.1"], ("f.se.fc1", "f.se.fc2"))),
        ("head.fc", "fc"),
    ]);

    static readonly Lazy<NameMap> huggingFaceX = new(() => HuggingFaceNames("layer.2", null));
    static readonly Lazy<NameMap> huggingFaceY =
        new(() => HuggingFaceNames("layer.3", ("layer.2.attention.0", "layer.2.attention.2")));

    static NameMap HuggingFaceNames(string last, (string, string)? squeeze) =>
    [
        ("stem.conv", "regnet.embedder.embedder.convolution"), ("stem.bn", "regnet.embedder.embedder.normalization"),
        .. Each((stage, block) => Rules($"regnet.encoder.stages.{stage}.layers.{block}", stage, block,
            [.. new[] { "layer.0", "layer.1", last, "shortcut" }.SelectMany(
                each => new[] { each + ".convolution", each + ".normalization" })], squeeze)),
        ("head.fc", "classifier.1"),
    ];

    static IEnumerable<(string, string)> Each(Func<int, int, IEnumerable<(string, string)>> rules)
    {
        for (int stage = 0; stage < MaxStages; stage++)
            for (int block = 0; block < MaxDepth; block++)
                foreach ((string, string) rule in rules(stage, block)) yield return rule;
    }

    /// <summary>Ours count from one, theirs from zero.</summary>
    static IEnumerable<(string, string)> Rules(
        string theirs, int stage, int block, string[] names, (string First, string Second)? squeeze)
    {
        string ours = $"s{stage + 1}.b{block + 1}";
        string[] places = ["conv1", "conv2", "conv3", "downsample"];
        for (int i = 0; i < places.Length; i++)
        {
            yield return ($"{ours}.{places[i]}.conv", $"{theirs}.{names[2 * i]}");
            yield return ($"{ours}.{places[i]}.bn", $"{theirs}.{names[2 * i + 1]}");
        }
        if (squeeze is not var (first, second)) yield break;
        yield return ($"{ours}.se.fc1", $"{theirs}.{first}");
        yield return ($"{ours}.se.fc2", $"{theirs}.{second}");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => torchVision.Value,
        Origin.HuggingFace => ((Config)config).Squeeze > 0 ? huggingFaceY.Value : huggingFaceX.Value,
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    internal override string HuggingFaceType => "regnet";
    internal override string HuggingFaceClass => "RegNetForImageClassification";
    internal override string HeadPath => "head.fc";
    internal override string HuggingFacePrefix => "regnet.";

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        config.Require("layer_type", "x", "y");
        int[] depths = config.Ints("depths", [2, 6, 12, 2], max: MaxDepth);
        int[] widths = config.Ints("hidden_sizes", [128, 192, 512, 1088], count: depths.Length);
        int group = config.Int("groups_width", 64);
        ActivationKind activation =
            ActivationNames.HuggingFace(config.Text("hidden_act", "relu"), $"{config.Where}: hidden_act");
        return Checked(new Config
        {
            Depths = depths,
            Widths = widths,
            Groups = [.. widths.Select(width => Math.Max(1, width / group))],
            Stem = config.Int("embedding_size", 32),
            Squeeze = config.Text("layer_type", "y") == "y" ? 0.25 : 0,
            Activation = activation,
            FirstStageStrides = config.Flag("downsample_in_first_stage", true),
            InputChannels = config.Int("num_channels", 3, max: 64),
        }, config.Where);
    }

    /// <summary>Refuses sizes that don't fit together, before memory is taken.</summary>
    static Config Checked(Config config, string where)
    {
        if (config.Depths.Count > MaxStages || config.Depths.Any(depth => depth > MaxDepth))
            throw new InvalidDataException(
                $"{where}: expected at most {MaxStages} stages of {MaxDepth} blocks, found {string.Join(", ", config.Depths)}");
        for (int stage = 0; stage < config.Widths.Count; stage++)
        {
            int inner = (int)Math.Round(config.Widths[stage] * config.Bottleneck), groups = config.Groups[stage];
            if (inner < 1 || inner > 1 << 17 || inner % groups != 0)
                throw new InvalidDataException(
                    $"{where}: expected groups that divide a stage's {inner} channels, found {groups} groups");
        }
        return config;
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (its.Bottleneck != 1 || its.Squeeze is not (0 or 0.25) || GroupWidth(its) is not { } width ||
            (its.Squeeze > 0 && its.SqueezeActivation != ActivationKind.Relu) ||
            ActivationNames.ToHuggingFace(its.Activation) is not { } activation)
            return false;
        writer.WriteNumber("num_channels", its.InputChannels);
        writer.WriteNumber("embedding_size", its.Stem);
        writer.WriteNumbers("hidden_sizes", its.Widths);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumber("groups_width", width);
        writer.WriteString("layer_type", its.Squeeze > 0 ? "y" : "x");
        writer.WriteString("hidden_act", activation);
        writer.WriteBoolean("downsample_in_first_stage", its.FirstStageStrides);
        return true;
    }

    /// <summary>A width of groups from which transformers makes the same numbers of groups; null where there is none.</summary>
    static int? GroupWidth(Config config)
    {
        int most = config.Widths.Max();
        for (int width = 1; width <= most; width++)
            if (config.Widths.Zip(config.Groups).All(stage => Math.Max(1, stage.First / width) == stage.Second)) return width;
        return null;
    }

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        WidthLine line = its.Line!;
        arguments.Require("downsample", "conv1x1");
        arguments.Require("linear_out", "false");
        arguments.Require("preact", "false");
        arguments.Require("num_features", "0");
        arguments.Require("norm_layer", "batchnorm", "batchnorm2d");
        arguments.Require("output_stride", "32");
        arguments.Ignore("num_classes", "global_pool", "zero_init_last");
        int initial = arguments.Int("w0", line.Initial, max: 16384);
        line = new WidthLine(
            arguments.Int("depth", line.Depth, max: MaxDepth), initial, arguments.Number("wa", line.Slope, 0, 16384),
            arguments.Number("wm", line.Ratio, 1.01, 100), arguments.Int("group_size", line.GroupWidth, max: 16384),
            arguments.Number("bottle_ratio", line.Bottleneck, 0.01, 64),
            arguments.Number("group_min_ratio", line.AtLeast ? 0.9 : 0, 0, 1) > 0);
        if (initial % 8 != 0) throw new InvalidDataException($"{arguments.Where}: w0: expected a multiple of 8, found {initial}");
        if (Math.Log((initial + (line.Depth - 1) * line.Slope) / initial) / Math.Log(line.Ratio) > 64 ||
            initial + line.Depth * line.Slope * line.Ratio > 1 << 16)
            throw new InvalidDataException($"{arguments.Where}: widths of more than 65536 channels");
        ActivationKind activation = arguments.Has("act_layer")
            ? ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer") : its.Activation;
        return Checked(line.Stages(its) with
        {
            Stem = arguments.Int("stem_width", its.Stem),
            Squeeze = arguments.Number("se_ratio", its.Squeeze, 0, 64),
            Activation = activation,
            SqueezeActivation = activation,
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
            InputChannels = arguments.Int("in_chans", its.InputChannels, max: 64),
        }, arguments.Where);
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        if (VariantOf(Origin.Timm, config) is { } named) return (named.Name, null);
        var its = (Config)config;
        if (its.Line is not { } line || !its.FirstStageStrides || its.SqueezeActivation != its.Activation ||
            ActivationNames.ToTimm(its.Activation) is not { } activation || !Same(line.Stages(its), its))
            return null;
        return ("regnetx_002", writer =>
        {
            writer.WriteNumber("depth", line.Depth);
            writer.WriteNumber("w0", line.Initial);
            writer.WriteNumber("wa", line.Slope);
            writer.WriteNumber("wm", line.Ratio);
            writer.WriteNumber("group_size", line.GroupWidth);
            if (line.Bottleneck != 1) writer.WriteNumber("bottle_ratio", line.Bottleneck);
            if (line.AtLeast) writer.WriteNumber("group_min_ratio", 0.9);
            if (its.Squeeze > 0) writer.WriteNumber("se_ratio", its.Squeeze);
            if (its.Stem != 32) writer.WriteNumber("stem_width", its.Stem);
            if (its.Activation != ActivationKind.Relu) writer.WriteString("act_layer", activation);
            if (its.InputChannels != 3) writer.WriteNumber("in_chans", its.InputChannels);
        }
        );
    }

    static bool Same(Config left, Config right) => left.Depths.SequenceEqual(right.Depths) &&
        left.Widths.SequenceEqual(right.Widths) && left.Groups.SequenceEqual(right.Groups);

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumbers("widths", its.Widths);
        writer.WriteNumbers("groups", its.Groups);
        writer.WriteNumber("stem", its.Stem);
        writer.WriteNumber("bottleneck", its.Bottleneck);
        writer.WriteNumber("squeeze", its.Squeeze);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteString("squeeze_activation", its.SqueezeActivation.ToString());
        writer.WriteBoolean("first_stage_strides", its.FirstStageStrides);
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] depths = config.Ints("depths", [], max: MaxDepth);
        return Checked(new Config
        {
            Depths = depths,
            Widths = config.Ints("widths", [], count: depths.Length),
            Groups = config.Ints("groups", [], count: depths.Length),
            Stem = config.Int("stem", 32),
            Bottleneck = config.Number("bottleneck", 1, 0.01, 64),
            Squeeze = config.Number("squeeze", 0, 0, 64),
            Activation = config.Name("activation", ActivationKind.Relu),
            SqueezeActivation = config.Name("squeeze_activation", ActivationKind.Relu),
            FirstStageStrides = config.Flag("first_stage_strides", true),
        }, config.Where);
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        foreach ((Origin origin, string key) in (ReadOnlySpan<(Origin, string)>)
            [
                (Origin.Timm, "s1.b1.conv2.conv.weight"), (Origin.TorchVision, "trunk_output.block1.block1-0.f.b.0.weight"),
                (Origin.HuggingFace, "regnet.encoder.stages.0.layers.0.layer.1.convolution.weight"),
            ])
        {
            if (!tensors.Has(key)) continue;
            // that Y has one layer more tells, where names don't
            bool y = tensors.Has("s1.b1.se.fc1.weight") || tensors.Has("trunk_output.block1.block1-0.f.se.fc1.weight") ||
                tensors.Has("regnet.encoder.stages.0.layers.0.layer.2.attention.0.weight");
            NameMap names = Names(origin, new Config { Depths = [], Widths = [], Groups = [], Squeeze = y ? 0.25 : 0 });
            string Of(string ours) => names.ToTheirs(ours) ?? "";
            int stages = Math.Min(MaxStages, tensors.CountWhile(stage => Of($"s{stage + 1}.b1.conv2.conv.weight")));
            int[] all = [.. Enumerable.Range(1, stages)];
            int[] depths = [.. all.Select(stage => tensors.CountWhile(block => Of($"s{stage}.b{block + 1}.conv2.conv.weight")))];
            int[] widths = [.. all.Select(stage => tensors.Size(Of($"s{stage}.b1.conv3.conv.weight"), 0))];
            int[] inner = [.. all.Select(stage => tensors.Size(Of($"s{stage}.b1.conv2.conv.weight"), 0))];
            int[] each = [.. all.Select(stage => tensors.Size(Of($"s{stage}.b1.conv2.conv.weight"), 1))];
            int stem = tensors.Size(Of("stem.conv.weight"), 0);
            if (stages == 0 || stem == 0 || widths.Contains(0) || each.Contains(0) || depths.Any(depth => depth > MaxDepth))
                return null;
            int squeezed = tensors.Size(Of("s1.b2.se.fc1.weight"), 0), from = widths[0];
            if (squeezed == 0) (squeezed, from) = (tensors.Size(Of("s1.b1.se.fc1.weight"), 0), stem);
            var config = new Config
            {
                Depths = depths,
                Widths = widths,
                Groups = [.. inner.Zip(each, (channels, group) => Math.Max(1, channels / group))],
                Stem = stem,
                Bottleneck = inner[0] / (double)widths[0],
                Squeeze = !y ? 0 : Math.Round(0.25 * from) == squeezed ? 0.25 : squeezed / (double)from,
                Classes = tensors.Size(Of("head.fc.weight"), 0),
                InputChannels = Math.Max(1, tensors.Size(Of("stem.conv.weight"), 1)),
            };
            return new Recognition(this, origin, config);
        }
        return null;
    }
}
