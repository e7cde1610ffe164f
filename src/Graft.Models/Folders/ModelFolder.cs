using System.Text.Json;
using Graft.Formats;
using Graft.Imaging;

namespace Graft.Models;

/// <summary>Reads model folders of Hugging Face's, timm's and Graft's layout, and single files of weights.</summary>
static partial class ModelFolder
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
            Path.GetExtension(path).ToLowerInvariant() is ".safetensors" or ".bin" or ".pth" or ".pt" or ".th" or ".msgpack")
            .Order()];
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
        ModelTask task = ModelTask.Read(config);
        if (config.Section("graft") is { } own && own.Has("family"))
            return Graft(config, own, folder, weights) with { Task = task };
        // transformers wraps timm's models with a configuration of timm's own keys
        bool wrapped = config.Has("architecture") && config.Text("model_type", "") == "timm_wrapper";
        if (config.Has("model_type") && !wrapped) return HuggingFace(config, folder, weights) with { Task = task };
        if (config.Has("architecture")) return Timm(config, folder, weights) with { Task = task };
        throw new InvalidDataException(
            $"{path}: expected a model_type (Hugging Face) or an architecture (timm), found neither. Name it with --arch.");
    }

    static ModelSource HuggingFace(ConfigReader config, string folder, string weights)
    {
        string type = config.Text("model_type", "");
        ModelFamily[] candidates = [.. ModelZoo.Families.Where(candidate => candidate.HuggingFaceTypes.Contains(type))];
        ModelFamily family = candidates.FirstOrDefault(candidate => HasClass(config, candidate)) ?? candidates.FirstOrDefault()
            ?? throw UnknownType(config, type);
        ModelConfig its = family.FromHuggingFace(config);
        if (config.Section("graft") is { } layout) its = family.ReadLayout(its, layout);
        its = its with { InputChannels = config.Int("num_channels", its.InputChannels, max: 64) };
        bool own = family.HasOwnOutputs(its);
        IReadOnlyList<string>? labels = own ? null : HuggingFaceLabels(config);
        int classes = own ? its.Classes : labels?.Count ?? config.Int("num_labels", 2, min: 0, max: 1 << 20);
        string processor = Path.Combine(folder, "preprocessor_config.json");
        Preprocess preprocess = File.Exists(processor)
            ? Naming(processor, () => Preprocess.FromHuggingFace(ReadText(processor), type))
            : Preprocess.FromHuggingFace("{}", type);
        if (its.InputChannels == 1) preprocess = preprocess.Grey ? preprocess : preprocess.ToGrey();
        return Source(family, its with { Classes = classes }, Origin.HuggingFace, null, labels, preprocess, weights);
    }

    static bool HasClass(ConfigReader config, ModelFamily family) =>
        config.Element.TryGetProperty("architectures", out JsonElement classes) && classes.ValueKind == JsonValueKind.Array &&
        classes.EnumerateArray().Any(one =>
            one.ValueKind == JsonValueKind.String && family.HuggingFaceClasses.Contains(one.GetString()!));

    static NotSupportedException UnknownType(ConfigReader config, string type)
    {
        string[] types = [.. ModelZoo.Families.SelectMany(family => family.HuggingFaceTypes)
            .Where(each => each.Length > 0).Distinct()];
        string known = string.Join(", ", types);
        IReadOnlyList<string> near = Suggest.Nearest(type, types, 1);
        string hint = near.Count > 0 ? $" Did you mean {near[0]}?" : "";
        return new NotSupportedException($"{config.Where}: model_type '{type}' is not known: expected one of {known}.{hint}");
    }

    /// <summary>Labels go by the index, not by their order in the file; null where the file has none.</summary>
    internal static IReadOnlyList<string>? HuggingFaceLabels(ConfigReader config)
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
            InputChannels = settings.Int("input_channels", 3, max: 64),
            Pool = settings.Name("pool", PoolKind.Own),
            Head = settings.Name("head", HeadKind.Own),
            Auxiliary = settings.Flag("auxiliary", false),
            Decoder = settings.Has("decoder") ? settings.Name("decoder", DecoderKind.Unet) : null,
        };
        IReadOnlyList<string> labels = HuggingFaceLabels(config) ?? [];
        string text = ReadText(Path.Combine(folder, "preprocessor_config.json"));
        if (!Origins.TryParse(own.Text("origin", ""), out Origin origin))
            throw new InvalidDataException($"{own.Where}: origin: not known: '{own.Text("origin", "")}'");
        if (!Origins.TryParse(own.Text("names", origin.ShortName()), out Origin names))
            throw new InvalidDataException($"{own.Where}: names: not known: '{own.Text("names", "")}'");
        return Source(family, its with { Classes = labels.Count }, origin, own.Text("name", family.Name), labels,
            Preprocess.FromHuggingFace(text), weights) with
        { Names = names };
    }

    /// <summary>A file without a configuration: what it holds is told, or recognised by its names and shapes.</summary>
    static ModelSource Plain(string path, string? architecture)
    {
        ArrayFile file = FlaxLayout.Of(WeightFile.Open(path));
        try
        {
            TensorNames tensors = TensorNames.Of(file);
            if (architecture is null)
            {
                Recognition seen = ModelZoo.Recognize(tensors) ?? throw new NotSupportedException(
                    $"{path}: its {tensors.Count} tensors (the first is {tensors.Names.FirstOrDefault() ?? "none"}) are of no " +
                    "architecture that Graft recognises. Name it with --arch origin:name; `graft models` lists what there is.");
                ModelVariant? variant = ByFileName(path, seen.Family.VariantOf(seen.Origin, seen.Config));
                ModelConfig config = variant is null ? seen.Config : variant.Config with { Classes = seen.Config.Classes };
                Preprocess preprocess = DefaultPreprocess(seen, variant, config);
                Origin origin = OriginOf(file, seen.Origin);
                return AsPublished(
                    path, new ModelSource(seen.Family, config, origin, origin, variant?.Name, null, preprocess, file));
            }
            // torchvision:resnet50:IMAGENET1K_V2 is the same network with images prepared otherwise
            bool isArchitecture = ModelZoo.TryFindVariant(architecture) is not null;
            PublishedWeights? weights = isArchitecture ? null : PublishedWeights.Find(architecture);
            ModelVariant named = ModelZoo.FindVariant(
                weights is null ? architecture : $"{weights.Origin.ShortName()}:{weights.Model}");
            Origin names = OriginOf(file, named.Origin);
            string head = named.Family.Names(names, named.Config).ToTheirs(HeadPathOf(named) + ".weight")!;
            int classes = tensors.Size(head, 0);
            ModelConfig its = named.Family.AtSizeOf(tensors, names, named.Config) with { Classes = classes };
            Preprocess prepared = weights?.Preprocess ?? named.Family.PreprocessOf(named, its);
            var told = new ModelSource(named.Family, its, names, names, named.Name, null, prepared, file);
            return weights is null ? AsPublished(path, told) : told;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Networks that differ in what no shape tells (borders, epsilons) are told apart by the name that their origin gives the
    /// file: <c>tf_efficientnet_b0_ns-c0e6a31c.pth</c>.
    /// </summary>
    static ModelVariant? ByFileName(string path, ModelVariant? seen)
    {
        if (seen is null) return null;
        string name = Path.GetFileNameWithoutExtension(path);
        bool Named(string candidate) => name == candidate ||
            (name.StartsWith(candidate, StringComparison.Ordinal) && name[candidate.Length] is ('-' or '_' or '.'));
        bool Alike(ModelVariant other) =>
            other.Parameters == seen.Parameters || other.Config.Classes != seen.Config.Classes;
        return seen.Family.Variants.Where(other => other.Origin == seen.Origin && Named(other.Name) && Alike(other))
            .MaxBy(other => other.Name.Length) ?? seen;
    }

    /// <summary>A file that torchvision publishes has transforms of its own, and ImageNet's or Pascal VOC's labels.</summary>
    static ModelSource AsPublished(string path, ModelSource source)
    {
        if (source.Names != Origin.TorchVision || PublishedWeights.OfFile(path) is not { } weights) return source;
        if (source.Name is not null && source.Name != weights.Model) return source;
        int classes = source.Config.Classes;
        return source with
        {
            Name = weights.Model,
            Preprocess = weights.Preprocess ?? source.Preprocess,
            Labels = classes == weights.Labels?.Count ? weights.Labels : null,
        };
    }

    static string HeadPathOf(ModelVariant variant) => variant.Family.HeadPathOf(variant.Config);

    static Preprocess DefaultPreprocess(Recognition seen, ModelVariant? named, ModelConfig config) =>
        seen.Family.PreprocessOf(named ?? seen.Family.Variants.First(variant => variant.Origin == seen.Origin), config);

    static ModelSource Source(
        ModelFamily family, ModelConfig config, Origin origin, string? name, IReadOnlyList<string>? labels, Preprocess preprocess,
        string weights)
    {
        ArrayFile file = FlaxLayout.Of(WeightFile.Open(weights));
        try
        {
            origin = OriginOf(file, origin);
            return new(family, config, origin, origin, name, labels, preprocess, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whose the weights are: Hugging Face's in a file of Flax are Flax's.</summary>
    static Origin OriginOf(ArrayFile file, Origin names) => file is not FlaxLayout ? names
        : names is Origin.HuggingFace or Origin.Flax ? Origin.Flax
        : throw new NotSupportedException(
            $"{file.Path}: weights of Flax have Hugging Face's names; {names.ShortName()}'s cannot be found in them.");

    internal static JsonDocument Parse(string path)
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

    /// <summary>Reads how images are prepared from a file of transformers' layout.</summary>
    internal static Preprocess ReadPreprocess(string path) => Naming(path, () => Preprocess.FromHuggingFace(ReadText(path)));

    internal static string ReadText(string path)
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
