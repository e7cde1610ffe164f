using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Classification;
using Graft.Models.Segmentation;

namespace Graft.Models;

/// <summary>All families and their named variants; opens models from folders and files, and builds new ones.</summary>
public static class ModelZoo
{
    /// <summary>
    /// Every family. To add one, write it in <c>Classification/</c> or <c>Segmentation/</c> and name it here.
    /// </summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new MobileNetV2(), new ResNet(), new ConvNeXt(),
        new EfficientNet(), new MobileNetV3(),
        new DeiT(), new DinoV2(), new Clip(), new Beit(), new ViT(), // the plainest last: the others have what it has, and more
        new Swin(), new RegNet(), new SqueezeNet(),
        new DeepLabV3(), new Fcn(), new Lraspp(), new SegFormer(), new MobileNetV2DeepLab(), new UperNet(),
    ];

    /// <summary>Every named variant of every origin.</summary>
    public static IEnumerable<ModelVariant> Variants => Families.SelectMany(family => family.Variants);

    /// <summary>Opens a model with its weights.</summary>
    /// <param name="path">
    /// a run folder of Graft, a folder of Hugging Face's or timm's layout, a file of weights, which
    /// <see cref="ModelOptions.Architecture"/> explains where its names don't, a TorchScript file, whose program is run; or the
    /// name of what <see cref="ModelHub"/> fetches
    /// </param>
    /// <param name="options">how; null for as it is</param>
    /// <exception cref="HubException">It is the name of a model that cannot be fetched.</exception>
    /// <exception cref="FileNotFoundException">There is nothing of that path, or the folder has no weights.</exception>
    /// <exception cref="ArgumentException">An architecture of that name is not known; the nearest names are
    /// suggested.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or configuration and weights do not belong together.</exception>
    /// <exception cref="NotSupportedException">The file is of another architecture, or of a variant that Graft cannot
    /// build.</exception>
    public static ImageModel Open(string path, ModelOptions? options = null)
    {
        ImageModel model = OpenEvenPart(path, options ?? new ModelOptions());
        if (model.Receipt?.Refusal is not { } refusal) return model;
        model.Dispose();
        throw new InvalidDataException(refusal);
    }

    /// <summary>
    /// What becomes of every tensor when a model is opened. It is there for a file that would be refused, too, and then says why.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static Receipt Inspect(string path, ModelOptions? options = null)
    {
        using ImageModel model = OpenEvenPart(path, options ?? new ModelOptions());
        return model.Receipt ?? throw new NotSupportedException(
            $"{path}: a TorchScript file brings its own program: there are no names to hold its weights against.");
    }

    /// <summary>A model with what weights the file has; its receipt says what is wrong.</summary>
    static ImageModel OpenEvenPart(string path, ModelOptions options)
    {
        // only what the user names is run, never a program that was fetched
        if (ScriptLoader.Find(path) is { } script) return ScriptLoader.Open(script, options);
        if (options.HeadLayer is not null)
            throw new ArgumentException($"{path}: --head-layer is for TorchScript models; this one's head is known.");
        string place = Path.Exists(path) ? path : ModelHub.TryFetch(path, options.Fetch)?.Path ?? throw NotThere(path);
        ModelSource source = Directory.Exists(place) ? ModelFolder.Read(place, options.Architecture)
            : ModelFolder.ReadFile(place, options.Architecture);
        using ArrayFile file = source.File;
        int classes = options.NewLabels?.Count ?? source.Config.Classes;
        ModelConfig config = source.Config with { Classes = classes };
        if (options is { NewLabels: not null, Segments: true, Decoder: null }) config = Segmenting(source.Family, config, path);
        if (options.NewLabels is not null) config = NewHead(source.Family, source.Family.WithNewHead(config), options);
        config = WithDecoder(source.Family, config, options);
        if (options.Auxiliary is { } auxiliary) config = WithAuxiliary(source.Family, config, auxiliary);
        Preprocess preprocess = options.PreprocessPath is { } given ? ModelFolder.ReadPreprocess(given) : source.Preprocess;
        bool isNewHead = options.NewLabels is not null;
        var model = new ImageModel(source.Family, config, source.Origin, source.Name, preprocess, file, isNewHead)
        {
            AdaptsStem = options.NewLabels is not null && options.InputChannels is not null,
            HasNewDecoder = config.Decoder != source.Config.Decoder,
        };
        try
        {
            HeadPolicy policy = options.NewLabels is not null ? HeadPolicy.New
                : options.ResetHead ? HeadPolicy.NewWhereNeeded : HeadPolicy.Keep;
            model.Receipt = WeightLoader.Take(model, file, source.Names, policy, options.Seed);
            model.WeightsPath = file.Path;
            model.SetLabels(options.NewLabels ?? source.Labels ?? ImageModel.DefaultLabels(classes));
            if (options.NewLabels is null)
            {
                source.Task.Check(classes, place);
                model.Task = source.Task with { Problem = model.IsSegmentation ? ProblemType.Segmentation : source.Task.Problem };
            }
            if (options.NewLabels is not null) model.Preprocess = ModelSaver.PreprocessToLearn(model);
            if (config.InputChannels == 1 && !model.Preprocess.Grey) model.Preprocess = model.Preprocess.ToGrey();
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
        Create(name, ImageModel.DefaultLabels(classes), seed);

    /// <summary>A model of random weights for classes with these labels.</summary>
    /// <exception cref="ArgumentException">No variant has that name; the nearest ones are suggested.</exception>
    public static ImageModel Create(string name, IReadOnlyList<string> labels, ulong seed = 0) =>
        Create(name, new ModelOptions { NewLabels = labels, Seed = seed });

    /// <summary>A model of random weights with the labels, head, pool and channels of these options.</summary>
    /// <exception cref="ArgumentException">No variant has that name, or there are no labels.</exception>
    public static ImageModel Create(string name, ModelOptions options) => options.NewLabels is { Count: > 0 }
        ? Create(FindVariant(name), options)
        : throw new ArgumentException("expected the labels of a new head, came none", nameof(options));

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

    /// <summary>What a new head asks for: pools and heads of the origin's kind where nothing else is said.</summary>
    static ModelConfig NewHead(ModelFamily family, ModelConfig config, ModelOptions options)
    {
        if (family.Segments(config) && (options.Head is not (HeadKind.Own or HeadKind.Linear) || options.Pool != PoolKind.Own))
            throw new ArgumentException(
                $"{family.Name} gives a class for every pixel: its head is a 1 x 1 convolution and it pools nothing; head " +
                $"{options.Head} and pool {options.Pool} are for classifiers.");
        return config with
        {
            Head = options.Head,
            Pool = options.Pool,
            Dropout = options.Dropout ?? config.Dropout,
            InputChannels = options.InputChannels ?? config.InputChannels,
        };
    }

    static ModelConfig Segmenting(ModelFamily family, ModelConfig config, string name) =>
        family.Segments(config) ? config : family.ForSegmentation(config) ?? throw new ArgumentException(
            $"{name}: {family.Name} is a classifier, and has no decoder of its own for classes of pixels: name one.");

    /// <summary>The same with the decoder that is asked for in a classifier's place.</summary>
    static ModelConfig WithDecoder(ModelFamily family, ModelConfig config, ModelOptions options)
    {
        if (options.OutputStride is not (null or 8 or 16 or 32))
            throw new ArgumentException($"expected an output stride of 8, 16 or 32, came {options.OutputStride}");
        if (options.OutputStride is not null && options.Decoder != DecoderKind.DeepLabV3)
            throw new ArgumentException("an output stride is chosen with the deeplabv3 decoder: others take every map as it is.");
        if (options.Decoder is not { } kind) return config;
        if (options.NewLabels is null)
            throw new ArgumentException($"a decoder of its own ({kind}) is for new classes: name them.");
        if (config.Decoder is null && family.Segments(config))
            throw new ArgumentException($"{family.Name} has a decoder of its own: leave {kind} out.");
        if (options.Head is not (HeadKind.Own or HeadKind.Linear) || options.Pool != PoolKind.Own)
            throw new ArgumentException(
                $"a decoder gives a class for every pixel and pools nothing; head {options.Head} and pool {options.Pool} are " +
                "for classifiers.");
        config = config with
        {
            Decoder = kind,
            Head = HeadKind.Own,
            Dropout = options.Dropout ?? 0,
            HeadStart = HeadStart.Normal,
        };
        return kind == DecoderKind.DeepLabV3 ? family.Dilated(config, options.OutputStride ?? 16) ?? config : config;
    }

    static ModelConfig WithAuxiliary(ModelFamily family, ModelConfig config, bool auxiliary) =>
        auxiliary && !family.TakesAuxiliary(config)
            ? throw new ArgumentException($"{family.Name} has no auxiliary head: leave it out.")
            : config with { Auxiliary = auxiliary };

    static ImageModel Create(ModelVariant variant, ModelOptions options)
    {
        IReadOnlyList<string> labels = options.NewLabels!;
        bool segments = options is { Segments: true, Decoder: null };
        ModelConfig its = segments ? Segmenting(variant.Family, variant.Config, variant.FullName) : variant.Config;
        ModelConfig config = NewHead(variant.Family, its, options) with { Classes = labels.Count };
        config = WithDecoder(variant.Family, config, options);
        config = WithAuxiliary(variant.Family, config, options.Auxiliary ?? false);
        var model = new ImageModel(variant.Family, config, variant.Origin, variant.Name, variant.Preprocess)
        {
            HasNewDecoder = config.Decoder is not null,
        };
        model.Preprocess = ModelSaver.PreprocessToLearn(model);
        if (config.InputChannels == 1) model.Preprocess = model.Preprocess.ToGrey();
        model.Start(options.Seed);
        model.SetLabels(labels);
        return model;
    }

    static Exception NotThere(string path)
    {
        if (TryFindVariant(path) is { } variant)
        {
            string[] known = [.. PublishedWeights.Of(variant).Select(weights => weights.FullName)];
            string what = known.Length == 0
                ? $"whose weights Graft cannot fetch: give the file of its weights, with --arch {variant.FullName}."
                : $"which has several sets of weights: name one of {string.Join(", ", known.Take(8))}.";
            return new FileNotFoundException(
                $"{path}: there is no such file or folder. {variant.FullName} is an architecture, {what}");
        }
        bool looksLikePath = path.Contains('/') || Path.HasExtension(path);
        string hub = HubName.TryParse(path, "https://huggingface.co", out HubName name)
            ? $" (hf_hub:{name.Repository} asks the Hugging Face Hub.)" : "";
        return looksLikePath && !path.Contains(':')
            ? new FileNotFoundException($"{path}: there is no such file or folder.{hub}")
            : new ArgumentException(Unknown(path, "model") + " There is no such file or folder either.");
    }
}
