using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Graft.Models;

/// <summary>
/// Writes any origin's model as another origin's: weights under its names and in its layout, configuration and preprocessing as
/// it writes them. There and back gives the same bytes of weights.
/// </summary>
public static class ModelConverter
{
    /// <summary>
    /// How large the eps of a norm may be that is exchanged for the target's, which builds with one of its own: beside the
    /// variances of trained networks both are next to nothing. It is always said.
    /// </summary>
    const double SmallEps = 1e-5;

    /// <summary>Where a model can be converted to.</summary>
    public static IReadOnlyList<Origin> Targets { get; } = [Origin.HuggingFace, Origin.Timm, Origin.TorchVision];

    /// <summary>Converts a model; the folder is written beside its place and then renamed.</summary>
    /// <param name="model">the model, which stays as it is</param>
    /// <param name="target">one of <see cref="Targets"/></param>
    /// <param name="folder">where to: a folder that does not exist or is empty</param>
    /// <param name="overwrite">whether files that are there already are replaced</param>
    /// <exception cref="NotSupportedException">The target cannot build such a network; the message says why.</exception>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    public static Conversion Convert(ImageModel model, Origin target, string folder, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Convert(model, target, folder, overwrite, anySize: false);
    }

    /// <param name="anySize">whether torchvision may get a network of sizes that it has no name for: for tests</param>
    internal static Conversion Convert(ImageModel model, Origin target, string folder, bool overwrite, bool anySize)
    {
        RefuseFilled(folder, overwrite);
        (ModelConfig config, string architecture, string? note) = Fitted(model, target, anySize);
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string beside = Path.Combine(
            Path.GetDirectoryName(place)!, $".{Path.GetFileName(place)}.{Path.GetRandomFileName()}.part");
        ModelConfig own = model.Config;
        try
        {
            Directory.CreateDirectory(beside);
            model.Config = config; // the same weights in the target's words
            string weights = "model.safetensors";
            if (target == Origin.HuggingFace) ModelSaver.SaveHuggingFace(model, beside);
            else if (target == Origin.Timm) ModelSaver.SaveTimm(model, beside);
            else weights = ModelSaver.SaveTorchVision(model, beside, architecture);
            string[] files = [weights, "config.json", "preprocessor_config.json"];
            Place(beside, place, files);
            return new Conversion
            {
                Folder = folder,
                Target = target,
                Architecture = architecture,
                Files = files,
                Notes = note is null ? [] : [note],
            };
        }
        finally
        {
            model.Config = own;
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
        }
    }

    static void RefuseFilled(string folder, bool overwrite)
    {
        if (File.Exists(folder)) throw new IOException($"{folder}: expected a folder to write to, found a file.");
        if (!overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"{folder}: holds something already. --force replaces the model's files in it.");
    }

    static void Place(string beside, string place, string[] files)
    {
        if (!Directory.Exists(place)) Directory.Move(beside, place);
        else
            foreach (string file in files)
                File.Move(Path.Combine(beside, file), Path.Combine(place, file), overwrite: true);
    }

    /// <summary>
    /// What a target calls a variant, and whether the eps of its norms is another; null where it cannot build it.
    /// </summary>
    internal static (string Architecture, bool OtherEps)? Fitted(ModelVariant variant, Origin target) =>
        Fitted(variant.Family, variant.Config, target);

    /// <summary>The same of any network.</summary>
    internal static (string Architecture, bool OtherEps)? Fitted(ModelFamily family, ModelConfig its, Origin target)
    {
        foreach ((ModelConfig config, string? note) in Candidates(family, its, target, ""))
            if (ArchitectureIn(target, family, config, anySize: false) is { } architecture)
                return (architecture, note is not null);
        return null;
    }

    /// <summary>The network in settings that the target builds, what the target calls it, and what that changes.</summary>
    static (ModelConfig Config, string Architecture, string? Note) Fitted(ImageModel model, Origin target, bool anySize)
    {
        string name = target switch
        {
            Origin.HuggingFace => "transformers",
            Origin.Timm => "timm",
            Origin.TorchVision => "torchvision",
            _ => throw new NotSupportedException(
                $"models are converted to hf, timm and torchvision, not to {target.ShortName()}"),
        };
        ModelFamily family = model.Family;
        if (!family.Origins.Contains(target))
        {
            IEnumerable<string> known = ModelZoo.Families.Where(one => one.Origins.Contains(target)).Select(one => one.Name);
            throw new NotSupportedException(
                $"{model.FullName}: {name} has no {family.Name}; of Graft's families it has {string.Join(", ", known)}.");
        }
        if (model.Config.Decoder is { } decoder)
            throw new NotSupportedException(
                $"{model.FullName}: {name} has no {decoder} decoder for this network: only Graft opens it.");
        if (!model.HasOwnHead)
            throw new NotSupportedException(
                $"{model.FullName}: {name} builds this network with the architecture's own pool and head only, and this model " +
                $"has pool {model.Config.Pool} and head {model.Config.Head}.");
        foreach ((ModelConfig config, string? note) in Candidates(family, model.Config, target, name))
            if (ArchitectureIn(target, model.Family, config, anySize) is { } architecture) return (config, architecture, note);
        throw new NotSupportedException($"{model.FullName}: {name} cannot build such a network{Instead(family, target)}.");
    }

    /// <summary>What the target calls such a network; null where it cannot build it.</summary>
    static string? ArchitectureIn(Origin target, ModelFamily family, ModelConfig config, bool anySize)
    {
        switch (target)
        {
            case Origin.HuggingFace:
                using (var writer = new Utf8JsonWriter(Stream.Null))
                {
                    writer.WriteStartObject();
                    return family.ToHuggingFace(config, writer) ? family.HuggingFaceClassOf(config) : null;
                }
            case Origin.Timm:
                return family.ToTimm(config)?.Architecture;
            default:
                if (config.InputChannels != 3) return null;
                return family.TorchVisionVariantOf(config)?.Name ?? (anySize ? family.Name : null);
        }
    }

    /// <summary>The network itself, then with the eps of the target's variants where both are small.</summary>
    static IEnumerable<(ModelConfig Config, string? Note)> Candidates(
        ModelFamily family, ModelConfig config, Origin target, string name)
    {
        yield return (config, null);
        JsonObject own = Settings(family, config);
        HashSet<string> tried = [];
        foreach (ModelVariant variant in family.Variants)
        {
            if (variant.Origin != target) continue;
            JsonObject theirs = Settings(family, variant.Config), changed = own.DeepClone().AsObject();
            List<string> changes = [];
            foreach ((string key, JsonNode? value) in own)
            {
                if (key != "eps" && !key.EndsWith("_eps", StringComparison.Ordinal)) continue;
                if (theirs[key] is not JsonValue wanted || wanted.ToJsonString() == value!.ToJsonString()) continue;
                (double from, double to) = (value.GetValue<double>(), wanted.GetValue<double>());
                if (from > SmallEps || to > SmallEps) continue;
                changed[key] = wanted.DeepClone();
                changes.Add($"{Show(to)} instead of {Show(from)}");
            }
            if (changes.Count == 0 || !tried.Add(changed.ToJsonString())) continue;
            using JsonDocument document = JsonDocument.Parse(changed.ToJsonString());
            ModelConfig result = family.Read(new ConfigReader(document.RootElement, "settings")) with
            {
                Classes = config.Classes,
                Dropout = config.Dropout,
                HeadStart = config.HeadStart,
                InputChannels = config.InputChannels,
                Pool = config.Pool,
                Head = config.Head,
                Auxiliary = config.Auxiliary,
            };
            yield return (result,
                $"{name} builds norms of this network with an eps of {string.Join(", ", changes.Distinct())}: logits may " +
                "change a little");
        }
    }

    static JsonObject Settings(ModelFamily family, ModelConfig config) => JsonNode.Parse(family.Signature(config))!.AsObject();

    static string Instead(ModelFamily family, Origin target)
    {
        string[] names = [.. family.Variants.Where(variant => variant.Origin == target).Select(variant => variant.Name)];
        if (target != Origin.TorchVision || names.Length == 0) return "";
        return $": it has {string.Join(", ", names.Take(8))}{(names.Length > 8 ? ", ..." : "")} as they are, with any classes";
    }

    static string Show(double eps) => eps.ToString("0.#e+0", CultureInfo.InvariantCulture);
}
