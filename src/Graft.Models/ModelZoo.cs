using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;

namespace Graft.Models;

/// <summary>All families and their named variants; opens models from folders and files, and builds new ones.</summary>
public static class ModelZoo
{
    /// <summary>Every family. To add one, write it in <c>Classification/</c> and name it here.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } = [new MobileNetV2(), new ResNet(), new ConvNeXt()];

    /// <summary>Every named variant of every origin.</summary>
    public static IEnumerable<ModelVariant> Variants => Families.SelectMany(family => family.Variants);

    /// <summary>Opens a model with its weights.</summary>
    /// <param name="path">
    /// a run folder of Graft, a folder of Hugging Face's or timm's layout, or a file of weights, which
    /// <see cref="ModelOptions.Architecture"/> explains where its names don't
    /// </param>
    /// <param name="options">how; null for as it is</param>
    /// <exception cref="FileNotFoundException">There is nothing of that path, or the folder has no weights.</exception>
    /// <exception cref="ArgumentException">An architecture of that name is not known; the nearest names are
    /// suggested.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or configuration and weights do not belong together.</exception>
    /// <exception cref="NotSupportedException">The file is of another architecture, or of a variant that Graft cannot
    /// build.</exception>
    public static ImageModel Open(string path, ModelOptions? options = null)
    {
        options ??= new ModelOptions();
        ModelSource source = Directory.Exists(path) ? ModelFolder.Read(path, options.Architecture)
            : File.Exists(path) ? ModelFolder.ReadFile(path, options.Architecture)
            : throw NotThere(path);
        using ArrayFile file = source.File;
        int classes = options.NewLabels?.Count ?? source.Config.Classes;
        ModelConfig config = source.Config with { Classes = classes };
        var model = new ImageModel(source.Family, config, source.Origin, source.Name, source.Preprocess);
        try
        {
            HeadPolicy policy = options.NewLabels is not null ? HeadPolicy.New
                : options.ResetHead ? HeadPolicy.NewWhereNeeded : HeadPolicy.Keep;
            model.Receipt = WeightLoader.Load(model, file, source.Names, policy, options.Seed);
            model.WeightsPath = file.Path;
            model.SetLabels(options.NewLabels ?? source.Labels ?? ImageModel.DefaultLabels(classes));
            if (options.NewLabels is not null) model.Preprocess = ModelSaver.PreprocessToLearn(model);
            if (!options.Device.IsCpu) model.Parameters.MoveTo(options.Device);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A model of random weights.</summary>
    /// <param name="name">a variant: <c>timm:resnet18</c>, or <c>resnet18</c> where one origin's will do</param>
    /// <param name="classes">K</param>
    /// <param name="seed">the seed of its weights</param>
    /// <exception cref="ArgumentException">No variant has that name; the nearest ones are suggested.</exception>
    public static ImageModel Create(string name, int classes, ulong seed = 0) =>
        Create(FindVariant(name), ImageModel.DefaultLabels(classes), seed);

    /// <summary>A model of random weights for classes with these labels.</summary>
    /// <exception cref="ArgumentException">No variant has that name; the nearest ones are suggested.</exception>
    public static ImageModel Create(string name, IReadOnlyList<string> labels, ulong seed = 0) =>
        Create(FindVariant(name), labels, seed);

    /// <summary>A model of random weights and any sizes.</summary>
    public static ImageModel Create(
        ModelFamily family, ModelConfig config, Origin origin, Preprocess preprocess, IReadOnlyList<string>? labels = null,
        ulong seed = 0)
    {
        if (labels is not null) config = config with { Classes = labels.Count };
        var model = new ImageModel(family, config, origin, name: null, preprocess);
        model.Start(seed);
        model.SetLabels(labels ?? ImageModel.DefaultLabels(config.Classes));
        return model;
    }

    /// <summary>The variant of a name: with its origin, or the first of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the nearest names are suggested.</exception>
    public static ModelVariant FindVariant(string name) =>
        TryFindVariant(name) ?? throw new ArgumentException(Unknown(name, "architecture"), nameof(name));

    internal static ModelVariant? TryFindVariant(string name)
    {
        string rest = name;
        Origin? origin = null;
        int colon = name.IndexOf(':');
        if (colon >= 0)
        {
            if (!Models.Origins.TryParse(name[..colon], out Origin parsed)) return null;
            (origin, rest) = (parsed, name[(colon + 1)..]);
        }
        rest = rest[(rest.LastIndexOf('/') + 1)..]; // microsoft/resnet-50, timm/resnet18.a1_in1k
        string plain = origin == Origin.HuggingFace || !rest.Contains('.') ? rest : rest[..rest.IndexOf('.')];
        foreach (string candidate in (ReadOnlySpan<string>)[rest, plain])
            foreach (ModelVariant variant in Variants)
                if ((origin is null || variant.Origin == origin) && variant.Name == candidate) return variant;
        return null;
    }

    internal static string Unknown(string name, string what)
    {
        int colon = name.IndexOf(':');
        bool known = colon >= 0 && Models.Origins.TryParse(name[..colon], out _);
        IEnumerable<string> names = Variants.Select(variant => colon >= 0 ? variant.FullName : variant.Name);
        IReadOnlyList<string> near = Suggest.Nearest(name, names);
        if (near.Count == 0 && colon >= 0)
            near = Suggest.Nearest(name[(colon + 1)..], Variants.Select(variant => variant.Name));
        string first = colon >= 0 && !known
            ? $"the origin '{name[..colon]}' is not known (hf, timm, torchvision, facebook, cifar are). " : "";
        return $"{what} '{name}': {first}not known. " +
            (near.Count > 0 ? $"Did you mean {string.Join(", ", near)}?" : "`graft models` lists what there is.");
    }

    internal static Recognition? Recognize(TensorNames tensors)
    {
        foreach (ModelFamily family in Families)
            if (family.Recognize(tensors) is { } found) return found;
        return null;
    }

    static ImageModel Create(ModelVariant variant, IReadOnlyList<string> labels, ulong seed)
    {
        ModelConfig config = variant.Config with { Classes = labels.Count };
        var model = new ImageModel(variant.Family, config, variant.Origin, variant.Name, variant.Preprocess);
        model.Preprocess = ModelSaver.PreprocessToLearn(model);
        model.Start(seed);
        model.SetLabels(labels);
        return model;
    }

    static Exception NotThere(string path)
    {
        if (TryFindVariant(path) is { } variant)
            return new FileNotFoundException(
                $"{path}: there is no such file or folder. {variant.FullName} is an architecture, whose weights Graft does not " +
                $"bring: give the file of its weights, with --arch {variant.FullName}.");
        bool looksLikePath = path.Contains('/') || Path.HasExtension(path);
        return looksLikePath && !path.Contains(':') ? new FileNotFoundException($"{path}: there is no such file or folder.")
            : new ArgumentException(Unknown(path, "model") + " There is no such file or folder either.");
    }
}
