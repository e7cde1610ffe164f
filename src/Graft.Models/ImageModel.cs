using Graft.Formats;
using Graft.Imaging;
using Graft.Models.Segmentation;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// An image classifier, or a network that gives a class for every pixel: a backbone, a head, its labels, and how images are
/// prepared for it. It owns its weights.
/// </summary>
public sealed partial class ImageModel : IDisposable
{
    readonly ModulePath root;
    string? name, hash;

    /// <summary>Builds the network; its weights are what the memory held.</summary>
    /// <param name="file">the weights that are to fill it: more than these could be is refused before memory is taken</param>
    /// <param name="isNewHead">whether the head is not one of the file</param>
    /// <exception cref="InvalidDataException">It cannot be built, or is too large for the file.</exception>
    internal ImageModel(
        ModelFamily family, ModelConfig config, Origin origin, string? name, Preprocess preprocess, ArrayFile? file = null,
        bool isNewHead = false)
    {
        Family = family;
        Config = config;
        Origin = origin;
        this.name = name;
        Preprocess = preprocess;
        Parameters = new ParameterStore { MaxElements = file is null ? null : MostElements(file) };
        root = ModulePath.Root(Parameters);
        try
        {
            Backbone = config.Decoder is null ? family.Build(root, config) : new DecoderNet(root, family, config);
            if (isNewHead) Parameters.MaxElements = null;
            if (config.Classes > 0) Head = Backbone.BuildHead(root, config);
            Task = OwnTask;
        }
        catch (Exception error)
        {
            Parameters.Dispose();
            if (error is TooManyParametersException)
                throw new InvalidDataException(
                    $"{file!.Path}: {error.Message}, far more than this file holds: the configuration and the weights do not " +
                    $"belong together.{LooksLike(file)}", error);
            if (error is not TorchException) throw;
            throw new InvalidDataException(
                $"{origin.ShortName()}:{name ?? family.Name}: a network of these sizes cannot be built: {error.Message}");
        }
    }

    /// <summary>The family of its architecture.</summary>
    public ModelFamily Family { get; }

    /// <summary>How it is built.</summary>
    public ModelConfig Config { get; internal set; }

    /// <summary>Whose names its weights came with.</summary>
    public Origin Origin { get; }

    /// <summary>Its architecture as the origin names it: <c>resnet18</c>; the family's name where that size has none.</summary>
    public string Name => name ??= Family.VariantOf(Origin, Config)?.Name ?? Family.Name;

    /// <summary>Origin and name: <c>timm:resnet18</c>.</summary>
    public string FullName => $"{Origin.ShortName()}:{Name}";

    /// <summary>All weights, under our own names.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>Everything but the head.</summary>
    public Backbone Backbone { get; }

    /// <summary>The last layer, from features to logits; null for a network without a head.</summary>
    public Head? Head { get; private set; }

    /// <summary>Where the head's weights stand: <c>fc</c>.</summary>
    public string HeadPath => Backbone.HeadPath;

    /// <summary>Every place of the head's weights: a head may have several parts, and a pool that learns is one.</summary>
    public IReadOnlyList<string> HeadPaths =>
        Backbone.PoolLearns ? [.. Head?.Paths ?? [HeadPath], Backbone.PoolPath] : Head?.Paths ?? [HeadPath];

    /// <summary>D: how many features the head sees.</summary>
    public int FeatureCount => Backbone.FeatureCount;

    /// <summary>K: the number of classes; 0 without a head.</summary>
    public int Classes => Config.Classes;

    /// <summary>The names of the classes, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>What its outputs mean.</summary>
    /// <value>as its configuration says; with a new head, one class of several</value>
    public ModelTask Task { get; set; } = new();

    /// <summary>While it learns numbers: their units, applied behind the head.</summary>
    /// <value>null: the head's outputs are the model's</value>
    public OutputScale? OutputScale { get; set; }

    /// <summary>How an image is prepared for it.</summary>
    public Preprocess Preprocess { get; set; }

    /// <summary>What became of every tensor of the file; null for a model that came from no file.</summary>
    public Receipt? Receipt { get; internal set; }

    /// <summary>
    /// Whether weights for three channels may be made into a stem for another number: only where that was asked for.
    /// </summary>
    internal bool AdaptsStem { get; init; }

    /// <summary>Whether its decoder is not one of the file that fills it.</summary>
    internal bool HasNewDecoder { get; init; }

    /// <summary>What its user should know about how it was opened.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>The file of weights that it came from; null for none.</summary>
    public string? WeightsPath { get; internal set; }

    /// <summary>
    /// The SHA-256 of that file (of all parts, one after another), in lower-case hex; empty for none. Computed when first asked
    /// for.
    /// </summary>
    public string WeightsSha256 => hash ??= WeightsPath is null ? "" : FileHash.Of(WeightsPath);

    /// <summary>
    /// The layers from stem to head, for freezing and for rates that grow from group to group; the last is the head's.
    /// </summary>
    public IReadOnlyList<LayerGroup> LayerGroups
    {
        get
        {
            // a network that has none of a group's weights (no norm, say) has no such group
            List<LayerGroup> groups = [.. Backbone.LayerGroups];
            groups.RemoveAll(group => !Parameters.Weights.Any(parameter => group.Contains(parameter.Name)));
            if (Head is not null) groups.Add(new LayerGroup("head", HeadPaths));
            return groups;
        }
    }

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to logits <c>[N, K]</c>, or <c>[N, K, h, w]</c> of a segmentation network (see
    /// <see cref="Segment"/>); to features <c>[N, D]</c> where there is no head.
    /// </summary>
    public Tensor Forward(Tensor images)
    {
        if (IsSegmentation) return Segmented(images, auxiliary: false).Out;
        Tensor features = Features(images); // [N, D]
        if (Head is null) return features;
        Tensor logits = Classify(features); // [N, K]
        features.Dispose();
        return logits;
    }

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to the features <c>[N, D]</c> that the head sees, before dropout; to the last map where the
    /// head works on that, which of a segmentation network is the decoder's.
    /// </summary>
    public Tensor Features(Tensor images)
    {
        Tensor found = Head is { TakesMap: true } ? Backbone.Map(images) : Backbone.Forward(images);
        if (!Precision.IsNarrow(found)) return found;
        Tensor full = found.To(DType.Float32);
        found.Dispose();
        return full;
    }

    /// <summary>Whether pool and head are of the origin's kind, so that the origin's tools can build the network.</summary>
    internal bool HasOwnHead => Config.Pool == PoolKind.Own && Config.Decoder is null && (Config.Head == HeadKind.Own ||
        (Config.Head == HeadKind.Linear && Head is null or LinearHead));

    /// <summary>Whether a weight of that name is the head's.</summary>
    public bool IsOfHead(string name)
    {
        foreach (string path in HeadPaths)
            if (ModulePath.IsWithin(name, path)) return true;
        return false;
    }

    /// <summary>Features <c>[N, D]</c> to logits <c>[N, K]</c>: dropout (in training) and the head.</summary>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    public Tensor Classify(Tensor features)
    {
        if (Head is not { } head) throw new InvalidOperationException($"{FullName} has no head: replace it first.");
        using PrecisionScope full = Precision.Use(DType.Float32);
        Tensor logits = head.Forward(features);
        if (OutputScale is not { } scale) return logits;
        Tensor scaled = scale.Apply(logits);
        logits.Dispose();
        return scaled;
    }

    /// <summary>Writes the units of its numbers into the head, whose outputs are then the model's.</summary>
    /// <exception cref="NotSupportedException">The head does not end in a linear layer with a bias.</exception>
    public void FoldOutputScale()
    {
        if (OutputScale is not { } scale) return;
        Head!.ScaleOutputs([.. scale.Deviation], [.. scale.Mean]);
        OutputScale = null;
    }

    /// <summary>Its layers with shapes, weights and costs, as torchinfo counts them in its origin's own network.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>; the values do not matter</param>
    /// <param name="training">whether it runs in training mode</param>
    public ModelSummary Summarize(Tensor images, bool training = false) => ModelSummary.Of(
        Name, Parameters, Whole, images, Origin != Origin.TorchVision ? new SummaryOptions { Training = training }
            : new SummaryOptions { Training = training, IsHidden = IsInsideAttention, IdleParameters = IdleParameters() });

    /// <summary>
    /// What the origin's tensors have beside ours: torchvision's Swin V2 has biases of keys, which it sets to 0 in every run.
    /// </summary>
    Dictionary<string, long> IdleParameters()
    {
        NameMap names = Family.Names(Origin, Config);
        Dictionary<string, long> idle = [];
        foreach (IGrouping<string?, (Parameter Ours, TensorPart Part)> theirs in Parameters.Weights
            .Select(ours => (Ours: ours, Parts: names.Parts(ours.Name)))
            .Where(pair => pair.Parts is [{ Of: > 1 }])
            .Select(pair => (pair.Ours, pair.Parts[0])).GroupBy(pair => pair.Item2.Name))
        {
            ((Parameter ours, TensorPart part), int found) = (theirs.First(), theirs.Count());
            if (found == part.Of) continue;
            string place = ours.Name[..Math.Max(0, ours.Name.LastIndexOf('.'))];
            idle[place] = idle.GetValueOrDefault(place) + (part.Of - found) * ours.Value.ElementCount;
        }
        return idle;
    }

    /// <summary>
    /// Whether a layer is one of those that torchvision's attentions do not run as layers, but hand to one function of PyTorch.
    /// </summary>
    static bool IsInsideAttention(string path) =>
        path.EndsWith(".attn.qkv", StringComparison.Ordinal) || path.EndsWith(".attn.proj", StringComparison.Ordinal);

    /// <summary>Puts a new head for these classes in place of the old one, its weights drawn as the origin draws them.</summary>
    /// <exception cref="ArgumentException">No labels, or one twice.</exception>
    public void ReplaceHead(IReadOnlyList<string> labels, ulong seed = 0)
    {
        if (labels.Count == 0) throw new ArgumentException("expected at least one label, came none", nameof(labels));
        if (labels.Distinct(StringComparer.Ordinal).Count() != labels.Count)
            throw new ArgumentException(
                $"expected different labels, came one twice: {string.Join(", ", labels)}", nameof(labels));
        Rebuild(labels.Count);
        StartHead(seed);
        Labels = [.. labels];
        Task = OwnTask;
        OutputScale = null;
    }

    /// <summary>The same for classes without names.</summary>
    public void ReplaceHead(int classes, ulong seed = 0) => ReplaceHead(DefaultLabels(classes), seed);

    /// <summary>
    /// Brings weights that depend on the size of images to another size, as the origin does it: positions are resampled. Images
    /// are to be prepared for that size by <see cref="Preprocess"/>.
    /// </summary>
    public void SetInputSize(int height, int width)
    {
        Backbone.SetInputSize(height, width);
        Config = Family.AtSize(Config, height, width);
    }

    /// <summary>Training mode for all layers.</summary>
    public void Train() => Parameters.SetMode("", training: true);

    /// <summary>Evaluation mode for all layers.</summary>
    public void Evaluate() => Parameters.SetMode("", training: false);

    /// <summary>Draws all weights anew.</summary>
    public void Start(ulong seed)
    {
        using GradMode mode = Autograd.NoGrad();
        Parameters.Reset("", seed);
        Backbone.Start(seed);
        if (Head is not null) StartHead(seed);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        (Backbone as IDisposable)?.Dispose();
    }

    /// <summary>The names of the classes.</summary>
    internal void SetLabels(IReadOnlyList<string> labels) => Labels = labels;

    /// <summary>Names for classes that have none, as Hugging Face makes them.</summary>
    internal static string[] DefaultLabels(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"LABEL_{i}")];

    internal void StartHead(ulong seed)
    {
        using GradMode mode = Autograd.NoGrad();
        Head!.Start(Config.HeadStart, seed);
        if (Backbone.PoolLearns) Parameters.Reset(Backbone.PoolPath, seed);
    }

    static string LooksLike(ArrayFile file)
    {
        if (ModelZoo.Recognize(TensorNames.Of(FlaxLayout.Of(file))) is not { } seen) return "";
        string name = seen.Family.VariantOf(seen.Origin, seen.Config)?.Name ?? seen.Family.Name;
        return $" It looks like {seen.Origin.ShortName()}:{name}.";
    }

    /// <summary>
    /// Twice what the file has, and 32 million, as the usual small networks have: whoever is a little off hears from the loader
    /// which tensors don't fit.
    /// </summary>
    static long MostElements(ArrayFile file)
    {
        long count = 0;
        foreach (ArrayEntry entry in file.Entries)
            count = Math.Min(file.FileBytes, count + Math.Min(file.FileBytes, entry.ElementCount));
        return 2 * count + (32 << 20);
    }

    void Rebuild(int classes)
    {
        Device device = Parameters.Device;
        bool training = Backbone.IsTraining;
        foreach (string path in Head?.Paths ?? []) Parameters.Remove(path);
        Config = Family.WithNewHead(Config) with { Classes = classes };
        Head = Backbone.BuildHead(root, Config);
        foreach (string path in HeadPaths) Parameters.SetMode(path, training);
    }
}
