using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;

namespace Graft.Models;

/// <summary>Reads model folders of Hugging Face's, timm's and Graft's layout, and single files of weights.</summary>
static class ModelFolder
{
    const long MaximumConfigBytes = 64 << 20;

    /// <summary>Reads a folder: its <c>config.json</c> says which layout it has.</summary>
    public static ModelSource Read(string folder, string? architecture)
    {
        string weights = WeightFile.FindIn(folder) ?? OnlyWeights(folder);
        return Read(folder, weights, architecture);
    }

    /// <summary>The one file that looks like weights, under whatever name.</summary>
    static string OnlyWeights(string folder)
    {
        string[] found = [.. Directory.EnumerateFiles(folder).Where(path =>
            Path.GetExtension(path).ToLowerInvariant() is ".safetensors" or ".bin" or ".pth" or ".pt" or ".th").Order()];
        return found.Length == 1 ? found[0] : throw new FileNotFoundException(found.Length == 0
            ? $"{folder}: has no weights: expected one of {string.Join(", ", WeightFile.UsualNames)}."
            : $"{folder}: has {found.Length} files of weights: name one of {string.Join(", ", found.Select(Path.GetFileName))}");
    }

    /// <summary>
    /// Reads a file of weights; one in a model folder, under its usual name, is read with the folder's configuration.
    /// </summary>
    public static ModelSource ReadFile(string path, string? architecture)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        bool usual = WeightFile.UsualNames.Contains(Path.GetFileName(path)) && File.Exists(Path.Combine(folder, "config.json"));
        return usual && architecture is null ? Read(folder, path, null) : Plain(path, architecture);
    }

    static ModelSource Read(string folder, string weights, string? architecture)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path) || architecture is not null) return Plain(weights, architecture);
        using JsonDocument document = Parse(path);
        var config = new ConfigReader(document.RootElement, path);
        if (config.Section("graft") is { } own && own.Has("family")) return Graft(config, own, folder, weights);
        // transformers wraps timm's models with a configuration of timm's own keys
        bool wrapped = config.Has("architecture") && config.Text("model_type", "") == "timm_wrapper";
        if (config.Has("model_type") && !wrapped) return HuggingFace(config, folder, weights);
        if (config.Has("architecture")) return Timm(config, folder, weights);
        throw new InvalidDataException(
            $"{path}: expected a model_type (Hugging Face) or an architecture (timm), found neither. Name it with --arch.");
    }

    static ModelSource HuggingFace(ConfigReader config, string folder, string weights)
    {
        string type = config.Text("model_type", "");
        ModelFamily family = ModelZoo.Families.FirstOrDefault(candidate => candidate.HuggingFaceType == type)
            ?? throw UnknownType(config, type);
        ModelConfig its = family.FromHuggingFace(config);
        IReadOnlyList<string>? labels = HuggingFaceLabels(config);
        int classes = labels?.Count ?? config.Int("num_labels", 2, min: 0, max: 1 << 20);
        string processor = Path.Combine(folder, "preprocessor_config.json");
        Preprocess preprocess = File.Exists(processor)
            ? Naming(processor, () => Preprocess.FromHuggingFace(ReadText(processor), type))
            : Preprocess.FromHuggingFace("{}", type);
        return Source(family, its with { Classes = classes }, Origin.HuggingFace, null, labels, preprocess, weights);
    }

    static NotSupportedException UnknownType(ConfigReader config, string type)
    {
        string known = string.Join(", ", ModelZoo.Families.Select(family => family.HuggingFaceType));
        IReadOnlyList<string> near = Suggest.Nearest(type, ModelZoo.Families.Select(family => family.HuggingFaceType), 1);
        string hint = near.Count > 0 ? $" Did you mean {near[0]}?" : "";
        return new NotSupportedException($"{config.Where}: model_type '{type}' is not known: expected one of {known}.{hint}");
    }

    /// <summary>Labels go by the index, not by their order in the file; null where the file has none.</summary>
    static IReadOnlyList<string>? HuggingFaceLabels(ConfigReader config)
    {
        if (!config.Has("id2label")) return config.Has("num_labels") ? null : ["LABEL_0", "LABEL_1"]; // transformers' default
        JsonElement map = config.Element.GetProperty("id2label");
        if (map.ValueKind != JsonValueKind.Object) throw config.Wrong("id2label", "an object from index to label", map);
        int count = map.EnumerateObject().Count();
        string?[] labels = new string?[count];
        foreach (JsonProperty item in map.EnumerateObject())
        {
            if (!int.TryParse(item.Name, out int index) || index < 0 || index >= count || labels[index] is not null)
                throw new InvalidDataException(
                    $"{config.Where}: id2label: expected the indices 0 to {count - 1}, each once, found \"{item.Name}\"");
            labels[index] = TextOf(item.Value);
        }
        return labels!;
    }

    static ModelSource Timm(ConfigReader config, string folder, string weights)
    {
        string architecture = config.Text("architecture", "");
        string name = architecture.Split('.')[0];
        ModelVariant variant = ModelZoo.TryFindVariant("timm:" + name) is { } found ? found
            : throw new NotSupportedException($"{config.Where}: {ModelZoo.Unknown("timm:" + name, "architecture")}");
        // before timm 0.9 the pretrained_cfg's fields stood at the root
        ConfigReader pretrained = config.Section("pretrained_cfg") ?? config;
        ModelConfig its = variant.Config;
        if (config.Section("model_args") is { } arguments)
        {
            its = variant.Family.FromTimm(its, arguments);
            arguments.RefuseUnknown();
        }
        config.Require("global_pool", "avg", "");
        int fallback = pretrained.Int("num_classes", 1000, min: 0, max: 1 << 20);
        int classes = config.Int("num_classes", fallback, min: 0, max: 1 << 20);
        IReadOnlyList<string>? labels = TimmLabels(config, pretrained, classes);
        string processor = Path.Combine(folder, "preprocessor_config.json");
        // beside timm's own words, a run folder has the exact record
        string? exact = File.Exists(processor) ? ReadText(processor) : null;
        Preprocess preprocess = exact is not null && exact.Contains("\"graft\"", StringComparison.Ordinal)
            ? Naming(processor, () => Preprocess.FromHuggingFace(exact))
            : pretrained.Has("input_size") ? Naming(config.Where, () => Preprocess.FromTimm(pretrained.Element))
            : variant.Preprocess;
        return Source(variant.Family, its with { Classes = classes }, Origin.Timm, variant.Name, labels, preprocess, weights);
    }

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

    /// <summary>A network that neither transformers nor timm can build: every setting, and our own names.</summary>
    static ModelSource Graft(ConfigReader config, ConfigReader own, string folder, string weights)
    {
        string name = own.Text("family", "");
        string known = string.Join(", ", ModelZoo.Families.Select(one => one.Name));
        ModelFamily family = ModelZoo.Families.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new NotSupportedException($"{own.Where}: family '{name}' is not known: expected one of {known}");
        ConfigReader settings = own.Section("settings")
            ?? throw new InvalidDataException($"{own.Where}: expected the network's settings, found none");
        ModelConfig its = family.Read(settings) with
        {
            Dropout = settings.Number("dropout", 0, 0, 1),
            HeadStart = settings.Name("head_start", HeadStart.Uniform),
        };
        IReadOnlyList<string> labels = HuggingFaceLabels(config) ?? [];
        string text = ReadText(Path.Combine(folder, "preprocessor_config.json"));
        if (!Origins.TryParse(own.Text("origin", ""), out Origin origin))
            throw new InvalidDataException($"{own.Where}: origin: not known: '{own.Text("origin", "")}'");
        return Source(family, its with { Classes = labels.Count }, origin, own.Text("name", family.Name), labels,
            Preprocess.FromHuggingFace(text), weights);
    }

    /// <summary>A file without a configuration: what it holds is told, or recognised by its names and shapes.</summary>
    static ModelSource Plain(string path, string? architecture)
    {
        ArrayFile file = WeightFile.Open(path);
        try
        {
            TensorNames tensors = TensorNames.Of(file);
            if (architecture is null)
            {
                Recognition seen = ModelZoo.Recognize(tensors) ?? throw new NotSupportedException(
                    $"{path}: its {tensors.Count} tensors (the first is {tensors.Names.FirstOrDefault() ?? "none"}) are of no " +
                    "architecture that Graft recognises. Name it with --arch origin:name; `graft models` lists what there is.");
                ModelVariant? variant = seen.Family.VariantOf(seen.Origin, seen.Config);
                ModelConfig config = variant is null ? seen.Config : variant.Config with { Classes = seen.Config.Classes };
                Preprocess preprocess = variant?.Preprocess ?? DefaultPreprocess(seen);
                return new ModelSource(seen.Family, config, seen.Origin, seen.Origin, variant?.Name, null, preprocess, file);
            }
            ModelVariant named = ModelZoo.FindVariant(architecture);
            Origin names = named.Origin;
            string head = named.Family.Names(names, named.Config).ToTheirs(HeadPathOf(named) + ".weight")!;
            int classes = tensors.Size(head, 0);
            return new ModelSource(
                named.Family, named.Config with { Classes = classes }, named.Origin, names, named.Name, null, named.Preprocess,
                file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static string HeadPathOf(ModelVariant variant) => variant.Family.HeadPath;

    static Preprocess DefaultPreprocess(Recognition seen) =>
        seen.Family.Variants.First(variant => variant.Origin == seen.Origin).Preprocess;

    static ModelSource Source(
        ModelFamily family, ModelConfig config, Origin origin, string? name, IReadOnlyList<string>? labels, Preprocess preprocess,
        string weights) =>
        new(family, config, origin, origin, name, labels, preprocess, WeightFile.Open(weights));

    static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(ReadText(path));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: not valid JSON: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    static string ReadText(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file.");
        long length = new FileInfo(path).Length;
        if (length > MaximumConfigBytes)
            throw new InvalidDataException($"{path}: expected a configuration, found {length} bytes");
        return File.ReadAllText(path);
    }

    /// <summary>Puts the file's path before errors that don't know it.</summary>
    static Preprocess Naming(string path, Func<Preprocess> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            string message = $"{path}: {error.Message}";
            throw error is InvalidDataException ? new InvalidDataException(message) : new NotSupportedException(message);
        }
    }
}
