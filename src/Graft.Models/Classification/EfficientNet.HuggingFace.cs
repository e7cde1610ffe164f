using System.Text.Json;
using Graft.Models.Classification.Mobile;
using Graft.Nn;
using static Graft.Models.Classification.Mobile.MobileBlockKind;

namespace Graft.Models.Classification;

/// <summary>
/// Hugging Face's EfficientNet, which is Keras': the first block of a stage adds no input, zeros go to the bottom and right of
/// strided layers whatever the size (but for the blocks that the configuration lists), and the widened and squeezed channels are
/// not rounded.
/// </summary>
public sealed partial class EfficientNet
{
    const int MaxChannels = 65536, MaxBlocks = 1024;

    internal override ModelConfig FromHuggingFace(ConfigReader config)
    {
        config.Require("pooling_type", "mean", "max");
        double width = config.Number("width_coefficient", 2, 0.001, 64);
        double depth = config.Number("depth_coefficient", 3.1, 0.001, 64);
        int divisor = config.Int("depth_divisor", 8);
        string act = config.Text("hidden_act", "swish");
        ActivationKind activation = ActivationNames.HuggingFace(act, $"{config.Where}: hidden_act");
        int stem = Rounded(config, "width_coefficient", 32, width, divisor);
        var result = new Config
        {
            Stem = stem,
            Features = Rounded(config, "width_coefficient", 1280, width, divisor),
            Stages = Stages(config, stem, width, depth, divisor, activation),
            Activation = activation,
            Border = BorderKind.After,
            Eps = config.Number("batch_norm_eps", 1e-3, 0, 1),
            OutputStride = MobileConfig.AnyStride,
            DropPath = config.Number("drop_connect_rate", 0.2, 0, 0.999),
            Dropout = config.Number("dropout_rate", 0.5, 0, 0.999),
            MaxPool = config.Text("pooling_type", "mean") == "max",
            HeadStart = HeadStart.TruncatedNormal,
        };
        int hidden = config.Int("hidden_dim", 2560);
        return hidden == result.Features ? result : throw new InvalidDataException(
            $"{config.Where}: hidden_dim: expected {result.Features}, as width_coefficient makes it, found {hidden}");
    }

    static List<IReadOnlyList<MobileBlock>> Stages(
        ConfigReader config, int stem, double width, double depth, int divisor, ActivationKind activation)
    {
        int[] from = config.Ints("in_channels", [32, 16, 24, 40, 80, 112, 192]);
        int[] to = config.Ints("out_channels", [16, 24, 40, 80, 112, 192, 320], from.Length);
        int[] kernels = config.Ints("kernel_sizes", [3, 3, 5, 3, 5, 5, 3], from.Length, max: 63);
        int[] strides = config.Ints("strides", [1, 2, 2, 2, 1, 2, 1], from.Length, max: 2);
        int[] repeats = config.Ints("num_block_repeats", [1, 2, 2, 3, 3, 4, 1], from.Length, max: MaxBlocks);
        int[] expansions = config.Ints("expand_ratios", [1, 6, 6, 6, 6, 6, 6], from.Length, max: 64);
        double squeeze = config.Number("squeeze_expansion_ratio", 0.25, 0, 64);
        HashSet<int> symmetric = [.. IntsOrNone(config, "depthwise_padding")];
        int inputs = stem, total = 0;
        List<IReadOnlyList<MobileBlock>> stages = [];
        for (int stage = 0; stage < from.Length; stage++)
        {
            if (Rounded(config, "in_channels", from[stage], width, divisor) is var first && first != inputs)
                throw new InvalidDataException(
                    $"{config.Where}: in_channels: stage {stage} takes {first} channels, but {inputs} come");
            int outputs = Rounded(config, "out_channels", to[stage], width, divisor);
            double count = Math.Ceiling(depth * repeats[stage]);
            if (total + count > MaxBlocks)
                throw new InvalidDataException(
                    $"{config.Where}: num_block_repeats: expected at most {MaxBlocks} blocks, found {total + count}");
            List<MobileBlock> blocks = [];
            for (; blocks.Count < count; total++, inputs = outputs)
            {
                int stride = blocks.Count == 0 ? strides[stage] : 1, wide = inputs * expansions[stage];
                if (wide > 1 << 20)
                    throw new InvalidDataException(
                        $"{config.Where}: expand_ratios: expected at most {1 << 20} channels, found {wide}");
                blocks.Add(new MobileBlock
                {
                    Kind = expansions[stage] == 1 ? Separable : Inverted,
                    Kernel = kernels[stage],
                    Stride = stride,
                    Wide = wide,
                    Channels = outputs,
                    Squeezed = (int)Math.Clamp(inputs * squeeze, 1, MaxChannels),
                    Activation = activation,
                    Residual = stride == 1 && blocks.Count > 0,
                    Border = stride == 2 && symmetric.Contains(total) ? BorderKind.Symmetric : BorderKind.After,
                });
            }
            stages.Add(blocks);
        }
        return stages;
    }

    static int[] IntsOrNone(ConfigReader config, string key) =>
        config.Element.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array &&
        list.GetArrayLength() == 0 ? [] : config.Ints(key, [], min: 0);

    static int Rounded(ConfigReader config, string key, int channels, double width, int divisor)
    {
        double scaled = channels * width;
        return scaled <= MaxChannels && MobileRecipe.MakeDivisible(scaled, divisor) is var rounded and <= MaxChannels ? rounded
            : throw new InvalidDataException($"{config.Where}: {key}: expected at most {MaxChannels} channels, found {scaled}");
    }

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        if (ActivationNames.ToHuggingFace(its.Activation) is not { } activation || !IsKeras(its) ||
            Coefficients(its) is not var (width, divisor, squeeze))
            return false;
        MobileBlock[] all = [.. its.Stages.SelectMany(stage => stage)];
        int[] to = [.. its.Stages.Select(stage => Unscaled(stage[0].Channels, width, divisor))];
        (double depth, int[] repeats) = Depths([.. its.Stages.Select(stage => stage.Count)]);
        writer.WriteReal("width_coefficient", width);
        writer.WriteReal("depth_coefficient", depth);
        writer.WriteNumber("depth_divisor", divisor);
        writer.WriteNumbers("kernel_sizes", its.Stages.Select(stage => stage[0].Kernel));
        writer.WriteNumbers("in_channels", [32, .. to[..^1]]);
        writer.WriteNumbers("out_channels", to);
        writer.WriteNumbers(
            "depthwise_padding", Enumerable.Range(0, all.Length).Where(i => all[i].Border == BorderKind.Symmetric));
        writer.WriteNumbers("strides", its.Stages.Select(stage => stage[0].Stride));
        writer.WriteNumbers("num_block_repeats", repeats);
        writer.WriteNumbers("expand_ratios", its.Stages.Select((_, stage) => Expansion(its, stage)));
        writer.WriteReal("squeeze_expansion_ratio", squeeze);
        writer.WriteString("hidden_act", activation);
        writer.WriteNumber("hidden_dim", its.Features);
        writer.WriteString("pooling_type", its.MaxPool ? "max" : "mean");
        writer.WriteReal("batch_norm_eps", its.Eps);
        writer.WriteReal("dropout_rate", its.Dropout);
        writer.WriteReal("drop_connect_rate", its.DropPath);
        return true;
    }

    /// <summary>Whether transformers has such blocks and such borders.</summary>
    static bool IsKeras(Config its)
    {
        if (its.Border != BorderKind.After || its.StemKernel != 3 || its.OutputStride != MobileConfig.AnyStride) return false;
        int inputs = its.Stem;
        for (int stage = 0; stage < its.Stages.Count; stage++)
        {
            MobileBlock first = its.Stages[stage][0];
            int expansion = Expansion(its, stage);
            for (int i = 0; i < its.Stages[stage].Count; i++)
            {
                MobileBlock block = its.Stages[stage][i];
                bool one = expansion == 1, strides = i == 0 && block.Stride == 2;
                if (block.Kind != (one ? Separable : Inverted) || (!one && block.Wide != inputs * expansion) ||
                    block.Squeezed == 0 || block.Activation != its.Activation || block.Residual != i > 0 ||
                    (block.Stride != 1 && !strides) || (!strides && block.Border != BorderKind.After) ||
                    block.Border == BorderKind.Same || (block.Kernel, block.Channels) != (first.Kernel, first.Channels))
                    return false;
                inputs = block.Channels;
            }
        }
        return true;
    }

    static int Expansion(Config its, int stage)
    {
        int inputs = stage == 0 ? its.Stem : its.Stages[stage - 1][^1].Channels;
        MobileBlock first = its.Stages[stage][0];
        return first.Kind == Separable ? 1 : Math.Max(2, first.Wide / inputs);
    }

    /// <summary>The coefficients by which transformers comes to these channels; null where there are none.</summary>
    static (double Width, int Divisor, double Squeeze)? Coefficients(Config its)
    {
        if (SqueezeOf(its) is not { } squeeze) return null;
        int common = its.Stages.Aggregate(Gcd(its.Stem, its.Features), (one, stage) => Gcd(one, stage[0].Channels));
        IEnumerable<int> divisors = Enumerable.Range(1, Math.Min(common, 1024)).Where(divisor => common % divisor == 0);
        foreach (int divisor in divisors.OrderByDescending(divisor => divisor == 8 ? int.MaxValue : divisor)) // 8 is usual
            foreach (int step in (ReadOnlySpan<int>)[100, 50, 10, 1]) // round numbers first
                for (int thousandth = step; thousandth <= 8000; thousandth += step)
                {
                    double width = thousandth / 1000.0;
                    if (MobileRecipe.MakeDivisible(32 * width, divisor) == its.Stem &&
                        MobileRecipe.MakeDivisible(1280 * width, divisor) == its.Features &&
                        its.Stages.All(stage => Unscaled(stage[0].Channels, width, divisor) > 0))
                        return (width, divisor, squeeze);
                }
        return null;
    }

    static int Gcd(int one, int other) => other == 0 ? one : Gcd(other, one % other);

    /// <summary>Channels that are these when scaled, those of the paper first; 0 where there are none.</summary>
    static int Unscaled(int channels, double width, int divisor)
    {
        bool Fits(int candidate) => MobileRecipe.MakeDivisible(candidate * width, divisor) == channels;
        foreach (MobileStage[] stage in base1)
            if (Fits(stage[0].Channels)) return stage[0].Channels;
        int middle = (int)Math.Round(channels / width), reach = (int)(divisor / width) + 1;
        for (int away = 0; away <= reach; away++)
            foreach (int candidate in (ReadOnlySpan<int>)[middle + away, middle - away])
                if (candidate is > 0 and <= MaxChannels && Fits(candidate)) return candidate;
        return 0;
    }

    static double? SqueezeOf(Config its)
    {
        bool Fits(double share)
        {
            int inputs = its.Stem;
            foreach (MobileBlock block in its.Stages.SelectMany(stage => stage))
            {
                if ((int)Math.Clamp(inputs * share, 1, MaxChannels) != block.Squeezed) return false;
                inputs = block.Channels;
            }
            return true;
        }
        if (Fits(0.25)) return 0.25;
        for (int thousandth = 1; thousandth <= 4000; thousandth++)
            if (Fits(thousandth / 1000.0)) return thousandth / 1000.0;
        return null;
    }

    /// <summary>The paper's numbers of blocks with what they are multiplied by; else these themselves.</summary>
    static (double Depth, int[] Repeats) Depths(int[] counts)
    {
        int[] standard = [.. base1.Select(stage => stage[0].Blocks)];
        foreach (int step in (ReadOnlySpan<int>)[100, 50, 10])
            for (int thousandth = step; thousandth <= 8000 && counts.Length == standard.Length; thousandth += step)
                if (standard.Select(count => (int)Math.Ceiling(thousandth / 1000.0 * count)).SequenceEqual(counts))
                    return (thousandth / 1000.0, standard);
        return (1, counts);
    }
}
