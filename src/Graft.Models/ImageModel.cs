using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// An image classifier: a backbone, a linear head, its labels, and how images are prepared for it. It owns its weights.
/// </summary>
public sealed class ImageModel : IDisposable
{
    readonly ModulePath root;
    string? name, hash;

    /// <summary>Builds the network; its weights are what the memory held.</summary>
    internal ImageModel(ModelFamily family, ModelConfig config, Origin origin, string? name, Preprocess preprocess)
    {
        Family = family;
        Config = config;
        Origin = origin;
        this.name = name;
        Preprocess = preprocess;
        Parameters = new ParameterStore();
        root = ModulePath.Root(Parameters);
        try
        {
            Backbone = family.Build(root, config);
            if (config.Classes > 0) Head = new Linear(root / Backbone.HeadPath, Backbone.FeatureCount, config.Classes);
        }
        catch (Exception error)
        {
            Parameters.Dispose();
            if (error is not TorchException) throw;
            throw new InvalidDataException(
                $"{origin.ShortName()}:{name ?? family.Name}: a network of these sizes cannot be built: {error.Message}");
        }
    }

    /// <summary>The family of its architecture.</summary>
    public ModelFamily Family { get; }

    /// <summary>How it is built.</summary>
    public ModelConfig Config { get; private set; }

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
    public Linear? Head { get; private set; }

    /// <summary>Where the head's weights stand: <c>fc</c>.</summary>
    public string HeadPath => Backbone.HeadPath;

    /// <summary>D: how many features the head sees.</summary>
    public int FeatureCount => Backbone.FeatureCount;

    /// <summary>K: the number of classes; 0 without a head.</summary>
    public int Classes => Config.Classes;

    /// <summary>The names of the classes, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels { get; private set; } = [];

    /// <summary>How an image is prepared for it.</summary>
    public Preprocess Preprocess { get; set; }

    /// <summary>What became of every tensor of the file; null for a model that came from no file.</summary>
    public Receipt? Receipt { get; internal set; }

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
            if (Head is not null) groups.Add(new LayerGroup("head", [HeadPath]));
            return groups;
        }
    }

    /// <summary>Images <c>[N, 3, H, W]</c> to logits <c>[N, K]</c>; to features <c>[N, D]</c> where there is no head.</summary>
    public Tensor Forward(Tensor images)
    {
        Tensor features = Features(images); // [N, D]
        if (Head is null) return features;
        Tensor logits = Classify(features); // [N, K]
        features.Dispose();
        return logits;
    }

    /// <summary>Images <c>[N, 3, H, W]</c> to the features <c>[N, D]</c> that the head sees, before dropout.</summary>
    public Tensor Features(Tensor images) => Backbone.Forward(images);

    /// <summary>Features <c>[N, D]</c> to logits <c>[N, K]</c>: dropout (in training) and the head.</summary>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    public Tensor Classify(Tensor features)
    {
        if (Head is not { } head) throw new InvalidOperationException($"{FullName} has no head: replace it first.");
        if (Config.Dropout == 0 || !head.IsTraining) return head.Forward(features);
        using Tensor kept = features.Dropout(Config.Dropout, training: true);
        return head.Forward(kept);
    }

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
    }

    /// <summary>The same for classes without names.</summary>
    public void ReplaceHead(int classes, ulong seed = 0) => ReplaceHead(DefaultLabels(classes), seed);

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
    public void Dispose() => Parameters.Dispose();

    /// <summary>The names of the classes.</summary>
    internal void SetLabels(IReadOnlyList<string> labels) => Labels = labels;

    /// <summary>Names for classes that have none, as Hugging Face makes them.</summary>
    internal static string[] DefaultLabels(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"LABEL_{i}")];

    internal void StartHead(ulong seed)
    {
        using GradMode mode = Autograd.NoGrad();
        Parameters.Reset(HeadPath, seed);
        if (Config.HeadStart == HeadStart.Uniform) return;
        Parameter weight = Parameters.Find(HeadPath + ".weight")!, bias = Parameters.Find(HeadPath + ".bias")!;
        var init = new Initializer(seed, HeadPath);
        if (Config.HeadStart == HeadStart.Normal) init.Normal(weight, 0.01);
        else init.TruncatedNormal(weight, 0.02);
        Initializer.Constant(bias, 0);
    }

    void Rebuild(int classes)
    {
        Device device = Parameters.Device;
        bool training = Backbone.IsTraining;
        Parameters.Remove(HeadPath);
        Config = Config with { Classes = classes };
        Head = new Linear(root / HeadPath, FeatureCount, classes);
        Parameters.SetMode(HeadPath, training);
    }
}
