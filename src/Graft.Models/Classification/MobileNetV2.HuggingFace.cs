using System.Text.Json;

namespace Graft.Models.Classification;

/// <summary>
/// Hugging Face's MobileNetV2, which is TensorFlow's: the first block adds no input, and the widths follow from one multiplier.
/// </summary>
public sealed partial class MobileNetV2
{
    /// <summary>Widths as Hugging Face rounds them: twice.</summary>
    static Config HuggingFaceScaled(double width, int divisor, int minimum, bool fine)
    {
        int Scale(int channels) => MakeDivisible(Math.Round(channels * width), divisor, minimum);
        return new Config
        {
            Stem = Scale(32),
            Widths = [.. table.Select(stage => Scale(stage.Channels))],
            Features = fine && width < 1 ? 1280 : Scale(1280),
            Divisor = divisor,
            MinDepth = minimum,
            FirstResidual = false,
        };
    }

    /// <summary>Whether the first block adds its input makes no difference where it cannot.</summary>
    internal override ModelVariant? TorchVisionVariantOf(ModelConfig config) => config is Config its && its.Stem != its.Widths[0]
        ? VariantOf(Origin.TorchVision, its, ["first_residual"]) : base.TorchVisionVariantOf(config);

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        int stride = config.Int("output_stride", 32);
        Config scaled = HuggingFaceScaled(
            config.Number("depth_multiplier", 1, 0.001, 64), config.Int("depth_divisible_by", 8), config.Int("min_depth", 8),
            config.Flag("finegrained_output", true));
        return scaled with
        {
            Expansion = config.Number("expand_ratio", 6, 0.01, 64),
            FirstExpands = !config.Flag("first_layer_is_expansion", true),
            SamePadding = config.Flag("tf_padding", true),
            Eps = config.Number("layer_norm_eps", 1e-3, 0, 1),
            OutputStride = stride is 2 or 4 or 8 or 16 ? stride : 32, // others are never met
            Activation = ActivationNames.HuggingFace(config.Text("hidden_act", "relu6"), $"{config.Where}: hidden_act"),
            Dropout = config.Number("classifier_dropout_prob", 0.8, 0, 1),
            HeadStart = HeadStart.TruncatedNormal,
        };
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (ActivationNames.ToHuggingFace(its.Activation) is not { } activation ||
            !its.Depths.SequenceEqual(table.Select(stage => stage.Blocks)) ||
            (its.FirstResidual && its.Stem == its.Widths[0]) || MultiplierOf(its) is not var (width, fine))
            return false;
        writer.WriteNumber("depth_multiplier", width);
        writer.WriteNumber("depth_divisible_by", its.Divisor);
        writer.WriteNumber("min_depth", its.MinDepth);
        writer.WriteNumber("expand_ratio", its.Expansion);
        writer.WriteNumber("output_stride", its.OutputStride);
        writer.WriteBoolean("first_layer_is_expansion", !its.FirstExpands);
        writer.WriteBoolean("finegrained_output", fine);
        writer.WriteString("hidden_act", activation);
        writer.WriteBoolean("tf_padding", its.SamePadding);
        writer.WriteNumber("classifier_dropout_prob", its.Dropout);
        writer.WriteNumber("layer_norm_eps", its.Eps);
        return true;
    }

    /// <summary>The multiplier by which Hugging Face comes to these widths; null where there is none.</summary>
    static (double Width, bool Fine)? MultiplierOf(Config its)
    {
        bool Fits(double width, bool fine)
        {
            Config scaled = HuggingFaceScaled(width, its.Divisor, its.MinDepth, fine);
            return scaled.Stem == its.Stem && scaled.Features == its.Features && scaled.Widths.SequenceEqual(its.Widths);
        }
        foreach (int step in (ReadOnlySpan<int>)[50, 10, 1]) // round multipliers first: 0.35, then 0.36, then 0.365
            for (int thousandth = step; thousandth <= 8000; thousandth += step)
                foreach (bool fine in (ReadOnlySpan<bool>)[true, false])
                    if (Fits(thousandth / 1000.0, fine)) return (thousandth / 1000.0, fine);
        return null;
    }
}
