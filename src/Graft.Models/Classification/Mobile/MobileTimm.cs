using System.Text.Json;
using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>timm's arguments of mobile networks, both ways.</summary>
static class MobileTimm
{
    /// <summary>A named network's recipe, changed by the arguments of which its builder makes the table.</summary>
    public static MobileRecipe Changed(MobileRecipe recipe, ConfigReader arguments)
    {
        arguments.Require("pad_type", "", "symmetric", "same");
        arguments.Require("norm_layer", "batchnorm2d", "batchnorm");
        arguments.Ignore("num_classes");
        string pad = arguments.Text("pad_type", recipe.Border == BorderKind.Same ? "same" : "");
        ActivationKind activation = recipe.Activation;
        if (arguments.Has("act_layer"))
            activation = ActivationNames.Timm(arguments.Text("act_layer", ""), $"{arguments.Where}: act_layer");
        double eps = arguments.Flag("bn_tf", false) ? 1e-3 : recipe.Eps;
        return recipe with
        {
            Depth = Depths(recipe, arguments),
            Activation = activation,
            Border = pad == "same" ? BorderKind.Same : BorderKind.Symmetric,
            Eps = arguments.Number("bn_eps", eps, 0, 1),
        };
    }

    static IReadOnlyList<double> Depths(MobileRecipe recipe, ConfigReader arguments)
    {
        const string Key = "depth_multiplier";
        if (!arguments.Has(Key)) return recipe.Depth;
        if (arguments.IsNumber(Key)) return [arguments.Number(Key, 1, 0.001, 64)];
        JsonElement list = arguments.Element.GetProperty(Key);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != recipe.Table.Count)
            throw arguments.Wrong(Key, $"a number, or {recipe.Table.Count} of them", list);
        return [.. list.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.GetDouble() is >= 0.001 and <= 64 ? item.GetDouble()
                : throw arguments.Wrong(Key, "numbers from 0.001 to 64", item))];
    }

    /// <summary>A network changed by the other arguments.</summary>
    public static T Settled<T>(T its, ConfigReader arguments) where T : MobileConfig
    {
        double momentum = arguments.Flag("bn_tf", false) ? 0.01 : its.Momentum;
        return its with
        {
            Momentum = arguments.Number("bn_momentum", momentum, 0, 1),
            DropPath = arguments.Number("drop_path_rate", its.DropPath, 0, 0.999),
            Dropout = arguments.Number("drop_rate", its.Dropout, 0, 0.999),
        };
    }

    /// <summary>
    /// The name of a network, and the arguments that make it so where it has that name only with some; null where none do.
    /// </summary>
    public static (string Architecture, Action<Utf8JsonWriter>? Arguments)? Named(
        IEnumerable<(string Name, MobileRecipe Recipe)> recipes, MobileConfig its, Func<MobileRecipe, MobileConfig> build,
        Func<MobileConfig, string> signature)
    {
        if (its.Border == BorderKind.After || ActivationNames.ToTimm(its.Activation) is not { } activation) return null;
        string wanted = signature(its);
        (string Name, MobileRecipe Recipe)? best = null;
        int fewest = int.MaxValue;
        foreach ((string name, MobileRecipe recipe) in recipes)
        {
            MobileRecipe changed = recipe with { Activation = its.Activation, Border = its.Border, Eps = its.Eps };
            int changes = (recipe.Activation == its.Activation ? 0 : 1) + (recipe.Border == its.Border ? 0 : 1)
                + (recipe.Eps == its.Eps ? 0 : 1);
            if (changes >= fewest || recipe.StemChannels != its.Stem || recipe.Table.Count != its.Stages.Count) continue;
            MobileConfig built = build(changed) with
            {
                Momentum = its.Momentum,
                OutputStride = its.OutputStride,
                StemKernel = its.StemKernel,
            };
            if (signature(built) == wanted) (best, fewest) = ((name, recipe), changes);
        }
        if (best is not var (found, from)) return null;
        MobileConfig plain = build(from);
        if (fewest == 0 && (its.Momentum, its.OutputStride) == (plain.Momentum, plain.OutputStride) &&
            its.StemKernel == plain.StemKernel)
            return (found, null);
        return (found, writer =>
        {
            if (its.Activation != from.Activation) writer.WriteString("act_layer", activation);
            if (its.Border != from.Border) writer.WriteString("pad_type", its.Border == BorderKind.Same ? "same" : "");
            if (its.Eps != from.Eps) writer.WriteNumber("bn_eps", its.Eps);
            if (its.Momentum != plain.Momentum) writer.WriteNumber("bn_momentum", its.Momentum);
            if (its.OutputStride != plain.OutputStride) writer.WriteNumber("output_stride", its.OutputStride);
            if (its.StemKernel != plain.StemKernel) writer.WriteNumber("stem_kernel_size", its.StemKernel);
        }
        );
    }
}
