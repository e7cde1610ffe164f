using System.Text.Json;
using Graft.Imaging;

namespace Graft.Models;

static partial class ModelFolder
{
    static ModelSource Timm(ConfigReader config, string folder, string weights)
    {
        string architecture = config.Text("architecture", "");
        string name = architecture.Split('.')[0];
        ModelVariant variant = ModelZoo.TryFindVariant("timm:" + name) is { } found ? found
            : throw new NotSupportedException($"{config.Where}: {ModelZoo.Unknown("timm:" + name, "architecture")}");
        // before timm 0.9 the pretrained_cfg's fields stood at the root
        ConfigReader pretrained = config.Section("pretrained_cfg") ?? config;
        ModelConfig its = variant.Config;
        if (pretrained.Flag("fixed_input_size", false) && pretrained.Has("input_size")) // then model_args need not name it
            its = AtInputSize(variant.Family, its, pretrained.Ints("input_size", [], count: 3, max: 16384));
        if (config.Section("model_args") is { } arguments)
        {
            its = variant.Family.FromTimm(its, arguments) with { InputChannels = arguments.Int("in_chans", 3, max: 64) };
            arguments.RefuseUnknown();
        }
        if (config.Has("global_pool")) config.Require("global_pool", variant.Family.TimmPool(its), "");
        int fallback = pretrained.Int("num_classes", 1000, min: 0, max: 1 << 20);
        int classes = config.Int("num_classes", fallback, min: 0, max: 1 << 20);
        IReadOnlyList<string>? labels = TimmLabels(config, pretrained, classes);
        // timm's own weights of ImageNet-1k come without labels, and timm has them elsewhere
        string tag = pretrained.Text("tag", architecture[Math.Min(architecture.Length, name.Length + 1)..]);
        if (labels is null && classes == PublishedWeights.ImageNetLabels.Count && tag.EndsWith("in1k", StringComparison.Ordinal))
            labels = PublishedWeights.ImageNetLabels;
        string processor = Path.Combine(folder, "preprocessor_config.json");
        // beside timm's own words, a run folder has the exact record
        string? exact = File.Exists(processor) ? ReadText(processor) : null;
        Preprocess preprocess = exact is not null && exact.Contains("\"graft\"", StringComparison.Ordinal)
            ? Naming(processor, () => Preprocess.FromHuggingFace(exact))
            : pretrained.Has("input_size") ? Naming(config.Where, () => Preprocess.FromTimm(pretrained.Element))
            : variant.Preprocess;
        return Source(variant.Family, its with { Classes = classes }, Origin.Timm, variant.Name, labels, preprocess, weights);
    }

    static ModelConfig AtInputSize(ModelFamily family, ModelConfig config, int[] size) => family.AtSize(config, size[1], size[2]);

    static IReadOnlyList<string>? TimmLabels(ConfigReader config, ConfigReader pretrained, int classes)
    {
        foreach (ConfigReader reader in (ReadOnlySpan<ConfigReader>)[config, pretrained])
            foreach (string key in (ReadOnlySpan<string>)["label_names", "labels"])
            {
                if (!reader.Has(key)) continue;
                JsonElement names = reader.Element.GetProperty(key);
                if (names.ValueKind != JsonValueKind.Array) throw reader.Wrong(key, "a list of labels", names);
                if (names.GetArrayLength() != classes)
                {
                    // labels of the pretraining task are left over when only num_classes was changed
                    if (!ReferenceEquals(reader, config) || classes == 0) continue;
                    throw new InvalidDataException(
                        $"{config.Where}: {key}: expected {classes} labels, as num_classes says, found {names.GetArrayLength()}");
                }
                return Described(config, [.. names.EnumerateArray().Select(TextOf)]);
            }
        return null;
    }

    static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>WordNet's numbers as labels become readable by their descriptions.</summary>
    static string[] Described(ConfigReader config, string[] labels)
    {
        if (!config.Has("label_descriptions")) return labels;
        JsonElement map = config.Element.GetProperty("label_descriptions");
        if (map.ValueKind != JsonValueKind.Object)
            throw config.Wrong("label_descriptions", "an object from label to description", map);
        string[] described = [.. labels.Select(label => map.TryGetProperty(label, out JsonElement text) ? TextOf(text) : label)];
        return described.Distinct().Count() == described.Length ? described : labels;
    }
}
