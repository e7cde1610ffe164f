using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification;

public sealed partial class MobileNetV2
{
    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision, Origin.Timm, Origin.HuggingFace];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Timm => NameMap.Same,
        Origin.TorchVision => NameMap.Create([.. TorchVision((Config)config)]),
        Origin.HuggingFace => NameMap.Create([.. HuggingFace((Config)config)]),
        _ => throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}"),
    };

    /// <summary>Everything is one numbered list: the stem, the blocks, the last convolution.</summary>
    static IEnumerable<(string Ours, string Theirs)> TorchVision(Config config)
    {
        yield return ("conv_stem", "features.0.0");
        yield return ("bn1", "features.0.1");
        int number = 1;
        foreach ((string block, bool expands) in Blocks(config))
        {
            string theirs = $"features.{number++}.conv";
            int next = 0;
            if (expands)
            {
                yield return ($"{block}.conv_pw", $"{theirs}.{next}.0");
                yield return ($"{block}.bn1", $"{theirs}.{next++}.1");
            }
            yield return ($"{block}.conv_dw", $"{theirs}.{next}.0");
            yield return ($"{block}.{(expands ? "bn2" : "bn1")}", $"{theirs}.{next++}.1");
            yield return ($"{block}.{(expands ? "conv_pwl" : "conv_pw")}", $"{theirs}.{next++}");
            yield return ($"{block}.{(expands ? "bn3" : "bn2")}", $"{theirs}.{next}");
        }
        yield return ("conv_head", $"features.{number}.0");
        yield return ("bn2", $"features.{number}.1");
        yield return ("classifier", "classifier.1");
    }

    /// <summary>The first block belongs to the stem; the others are one numbered list.</summary>
    static IEnumerable<(string Ours, string Theirs)> HuggingFace(Config config)
    {
        const string root = "mobilenet_v2.";
        yield return ("conv_stem", root + "conv_stem.first_conv.convolution");
        yield return ("bn1", root + "conv_stem.first_conv.normalization");
        int number = -1;
        foreach ((string block, bool expands) in Blocks(config))
        {
            string theirs = root + (number < 0 ? "conv_stem" : $"layer.{number}");
            number++;
            (string, string)[] parts = expands
                ? [("conv_pw", "bn1"), ("conv_dw", "bn2"), ("conv_pwl", "bn3")]
                : [("", ""), ("conv_dw", "bn1"), ("conv_pw", "bn2")];
            string[] names = ["expand_1x1", "conv_3x3", "reduce_1x1"];
            for (int i = expands ? 0 : 1; i < 3; i++)
            {
                yield return ($"{block}.{parts[i].Item1}", $"{theirs}.{names[i]}.convolution");
                yield return ($"{block}.{parts[i].Item2}", $"{theirs}.{names[i]}.normalization");
            }
        }
        yield return ("conv_head", root + "conv_1x1.convolution");
        yield return ("bn2", root + "conv_1x1.normalization");
        yield return ("classifier", "classifier");
    }

    static IEnumerable<(string Path, bool Expands)> Blocks(Config config)
    {
        for (int stage = 0; stage < config.Depths.Count; stage++)
            for (int i = 0; i < config.Depths[stage]; i++)
                yield return ($"blocks.{stage}.{i}", stage > 0 || config.FirstExpands);
    }

    internal override string HuggingFaceType => "mobilenet_v2";
    internal override string HuggingFaceClass => "MobileNetV2ForImageClassification";
    internal override string HeadPath => "classifier";
    internal override string HuggingFacePrefix => "mobilenet_v2.";

    /// <summary>Widths as torchvision and timm round them.</summary>
    static Config Scaled(double width, bool fixEnds = false) => new()
    {
        Stem = fixEnds ? 32 : MakeDivisible(32 * width),
        Widths = [.. table.Select(stage => MakeDivisible(stage.Channels * width))],
        Features = fixEnds ? 1280 : Math.Max(1280, MakeDivisible(1280 * width)),
    };

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments)
    {
        var its = (Config)variant;
        arguments.Require("pad_type", "", "same");
        arguments.Require("output_stride", "8", "16", "32");
        arguments.Require("norm_layer", "batchnorm2d", "batchnorm");
        arguments.Ignore("num_classes", "global_pool", "bn_momentum");
        if (arguments.Has("channel_multiplier") || arguments.Has("depth_multiplier"))
            throw new NotSupportedException(
                $"{arguments.Where}: channel_multiplier and depth_multiplier belong to the architecture's name");
        Config result = its with
        {
            SamePadding = arguments.Text("pad_type", its.SamePadding ? "same" : "") == "same",
            Eps = arguments.Flag("bn_tf", false) ? 1e-3 : its.Eps,
            OutputStride = arguments.Int("output_stride", its.OutputStride),
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
        if (arguments.Has("bn_eps")) result = result with { Eps = arguments.Number("bn_eps", its.Eps, 0, 1) };
        if (arguments.Has("act_layer"))
        {
            ActivationKind activation = ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer");
            result = result with { Activation = activation };
        }
        return result;
    }

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config)
    {
        var its = (Config)config;
        string? activation = ActivationNames.ToTimm(its.Activation);
        var standard = its with
        {
            SamePadding = false,
            Eps = 1e-5,
            OutputStride = 32,
            Activation = ActivationKind.Relu6,
            FirstResidual = true,
            Divisor = 8,
            MinDepth = 8,
        };
        if (activation is null || (!its.FirstResidual && its.Stem == its.Widths[0]) ||
            its.Widths.Take(6).Any(width => Expanded(its, width) != Expanded(standard, width)) ||
            VariantOf(Origin.Timm, standard) is not { } named)
            return null;
        if (!its.SamePadding && its.Eps == 1e-5 && its.OutputStride == 32 && its.Activation == ActivationKind.Relu6)
            return (named.Name, null);
        return (named.Name, writer =>
        {
            if (its.SamePadding) writer.WriteString("pad_type", "same");
            if (its.Eps != 1e-5) writer.WriteNumber("bn_eps", its.Eps);
            if (its.OutputStride != 32) writer.WriteNumber("output_stride", its.OutputStride);
            if (its.Activation != ActivationKind.Relu6) writer.WriteString("act_layer", activation);
        }
        );
    }

    static int Expanded(Config config, int inputs) =>
        MakeDivisible(Math.Round(inputs * config.Expansion), config.Divisor, config.MinDepth);

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumber("stem", its.Stem);
        writer.WriteNumbers("widths", its.Widths);
        writer.WriteNumbers("depths", its.Depths);
        writer.WriteNumber("features", its.Features);
        writer.WriteNumber("expansion", its.Expansion);
        writer.WriteNumber("divisor", its.Divisor);
        writer.WriteNumber("min_depth", its.MinDepth);
        writer.WriteBoolean("first_expands", its.FirstExpands);
        writer.WriteBoolean("first_residual", its.FirstResidual);
        writer.WriteBoolean("same_padding", its.SamePadding);
        writer.WriteNumber("eps", its.Eps);
        writer.WriteString("activation", its.Activation.ToString());
        writer.WriteNumber("output_stride", its.OutputStride);
    }

    internal override ModelConfig Read(ConfigReader config) => new Config
    {
        Stem = config.Int("stem", 32),
        Widths = config.Ints("widths", [.. table.Select(stage => stage.Channels)], count: table.Length),
        Depths = config.Ints("depths", [.. table.Select(stage => stage.Blocks)], count: table.Length, max: 512),
        Features = config.Int("features", 1280),
        Expansion = config.Number("expansion", 6, 0.01, 64),
        Divisor = config.Int("divisor", 8),
        MinDepth = config.Int("min_depth", 8),
        FirstExpands = config.Flag("first_expands", false),
        FirstResidual = config.Flag("first_residual", true),
        SamePadding = config.Flag("same_padding", false),
        Eps = config.Number("eps", 1e-5, 0, 1),
        Activation = config.Name("activation", ActivationKind.Relu6),
        OutputStride = config.Int("output_stride", 32),
    };

    internal override Recognition? Recognize(TensorNames tensors)
    {
        int[] standard = [.. table.Select(stage => stage.Blocks)];
        bool Has(params ReadOnlySpan<string> all)
        {
            foreach (string name in all)
                if (!tensors.Has(name)) return false;
            return true;
        }
        if (Has("conv_stem.weight", "blocks.0.0.conv_dw.weight", "blocks.1.0.conv_pwl.weight"))
        {
            if (!Has("bn2.weight") || tensors.Names.Any(name => name.Contains(".se.", StringComparison.Ordinal))) return null;
            if (tensors.CountWhile(i => $"blocks.{i}.0.conv_dw.weight") != table.Length) return null;
            for (int stage = 0; stage < table.Length; stage++) // EfficientNet-Lite has the same layers with other windows
                if (tensors.Size($"blocks.{stage}.0.conv_dw.weight", 2) != 3) return null;
            int[] depths = [.. table.Select((_, stage) => tensors.CountWhile(i => $"blocks.{stage}.{i}.conv_dw.weight"))];
            return Measure(tensors, Origin.Timm, depths);
        }
        if (Has("features.0.0.weight", "features.1.conv.1.weight"))
            return tensors.CountWhile(i => $"features.{i + 1}.conv.0.0.weight") == 17
                ? Measure(tensors, Origin.TorchVision, standard) : null;
        // with a decoder it is another family's
        return IsHuggingFaces(tensors) &&
            !tensors.Names.Any(name => name.StartsWith("segmentation_head.", StringComparison.Ordinal))
            ? Measure(tensors, Origin.HuggingFace, standard) : null;
    }

    internal override ModelConfig? RecognizeTrunk(TensorNames tensors) => IsHuggingFaces(tensors)
        ? Measure(tensors, Origin.HuggingFace, [.. table.Select(stage => stage.Blocks)], isWhole: false)?.Config
        : Recognize(tensors)?.Config;

    static bool IsHuggingFaces(TensorNames tensors) => tensors.Has("mobilenet_v2.conv_stem.first_conv.convolution.weight") &&
        tensors.CountWhile(i => $"mobilenet_v2.layer.{i}.conv_3x3.convolution.weight") == 16;

    /// <summary>Reads the widths off the shapes; what shapes don't tell (borders, eps) is the origin's default.</summary>
    Recognition? Measure(TensorNames tensors, Origin origin, int[] depths, bool isWhole = true)
    {
        bool huggingFace = origin == Origin.HuggingFace;
        var config = new Config
        {
            Widths = new int[depths.Length],
            Depths = depths,
            FirstExpands = tensors.Has("mobilenet_v2.conv_stem.expand_1x1.convolution.weight")
                || tensors.Has("blocks.0.0.conv_pwl.weight"),
            FirstResidual = !huggingFace,
            SamePadding = huggingFace,
            Eps = huggingFace ? 1e-3 : 1e-5,
            HeadStart = huggingFace ? HeadStart.TruncatedNormal
                : origin == Origin.TorchVision ? HeadStart.Normal : HeadStart.Uniform,
            Dropout = huggingFace ? 0.8 : origin == Origin.TorchVision ? 0.2 : 0,
        };
        NameMap names = Names(origin, config);
        int Outputs(string ours) => tensors.Size(names.ToTheirs(ours)!, 0);
        int[] widths = [.. depths.Select((_, stage) =>
            Outputs($"blocks.{stage}.0.{(stage > 0 || config.FirstExpands ? "conv_pwl" : "conv_pw")}.weight"))];
        int stem = Outputs("conv_stem.weight"), features = Outputs("conv_head.weight");
        int widened = Outputs("blocks.1.0.conv_pw.weight");
        if (features == 0 && !isWhole) features = MakeDivisible(Math.Round(1280 * Math.Max(1, widths[^1] / 320.0)));
        if (widths.Contains(0) || stem == 0 || features == 0 || widened == 0) return null;
        double expansion = widened == MakeDivisible(widths[0] * 6) ? 6 : widened / (double)widths[0];
        return new Recognition(this, origin, config with
        {
            Widths = widths,
            Stem = stem,
            Features = features,
            Expansion = expansion,
            Classes = Outputs("classifier.weight"),
        });
    }
}
