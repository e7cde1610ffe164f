using System.Text.Json;
using System.Text.Json.Nodes;
using Graft.Formats;
using Graft.Nn;

namespace Graft.Models;

/// <summary>
/// A family of architectures: its paper's network with every size open, its named variants, and what other tools call its weights
/// and its settings. One file a family; <see cref="ModelZoo"/> lists them all.
/// </summary>
public abstract class ModelFamily
{
    /// <summary>The name: <c>resnet</c>, <c>mobilenet_v2</c>, <c>convnext</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The variants that have a name, for each origin.</summary>
    public abstract IReadOnlyList<ModelVariant> Variants { get; }

    /// <summary>The origins whose names are known.</summary>
    public abstract IReadOnlyList<Origin> Origins { get; }

    /// <summary>What an origin calls the weights of a network of that configuration.</summary>
    /// <exception cref="NotSupportedException">The origin has no such family.</exception>
    public abstract NameMap Names(Origin origin, ModelConfig config);

    /// <summary>What an origin's files call the weights: Flax has transformers' names in a layout of its own.</summary>
    internal NameMap FileNames(Origin origin, ModelConfig config) => origin switch
    {
        Origin.Graft => NameMap.Same,
        Origin.Flax => Names(Origin.HuggingFace, config),
        _ => Names(origin, config),
    };

    /// <summary>The shape in which an origin saves one of our weights of that shape.</summary>
    public virtual long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape) => shape;

    /// <summary>How images are prepared for a variant that may have been brought to another size of images.</summary>
    internal virtual Imaging.Preprocess PreprocessOf(ModelVariant variant, ModelConfig config) => variant.Preprocess;

    /// <summary>
    /// Tensors that follow from the sizes, and that an origin's files have all the same: torchvision's Swin saves which pair of
    /// pixels has which bias, and refuses files without.
    /// </summary>
    internal virtual IEnumerable<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> TablesIn(
        Origin origin, ModelConfig config) => [];

    /// <summary>Whether weights depend on the size of images, as positions do.</summary>
    internal virtual bool DependsOnSize => false;

    /// <summary>The same network for images of another size, where its weights depend on that.</summary>
    internal virtual ModelConfig AtSize(ModelConfig config, int height, int width) => config;

    /// <summary>
    /// The same network as a file's weights tell: for the size of images that they are of, with an auxiliary head or without.
    /// </summary>
    internal virtual ModelConfig AtSizeOf(TensorNames tensors, Origin origin, ModelConfig config) => config;

    /// <summary>The same network for classes that are to be learned, where that changes more than their number.</summary>
    internal virtual ModelConfig WithNewHead(ModelConfig config) => config;

    /// <summary>
    /// The same network with the last map that much smaller than the image, its later stages dilated instead of strided; null
    /// where it has no such thing.
    /// </summary>
    internal virtual ModelConfig? Dilated(ModelConfig config, int outputStride) => null;

    /// <summary>
    /// Whether a Hugging Face configuration says the number of outputs itself (a projection's), not by its labels.
    /// </summary>
    internal virtual bool HasOwnOutputs(ModelConfig config) => false;

    /// <summary>Builds the network below a path; weights hold whatever the memory held.</summary>
    internal abstract Backbone Build(ModulePath at, ModelConfig config);

    /// <summary>The network of a file that may have the layers up to the last map alone; null where they are another's.</summary>
    internal virtual ModelConfig? RecognizeTrunk(TensorNames tensors) => Recognize(tensors)?.Config;

    /// <summary>Whether such a network gives a class for every pixel.</summary>
    public virtual bool Segments(ModelConfig config) => config.Decoder is not null;

    /// <summary>
    /// A classifier's network with the decoder that its paper has for segmentation; null where it has none.
    /// </summary>
    internal virtual ModelConfig? ForSegmentation(ModelConfig config) => null;

    /// <summary>Whether such a network can have an auxiliary head.</summary>
    internal virtual bool TakesAuxiliary(ModelConfig config) => false;

    /// <summary>
    /// What a file calls the weights that has a network's pretrained trunk alone, of whatever origin; null where it is no such
    /// file.
    /// </summary>
    internal virtual NameMap? TrunkNames(TensorNames tensors, ModelConfig config) => null;

    /// <summary>The <c>model_type</c> in a Hugging Face config.</summary>
    internal abstract string HuggingFaceType { get; }

    /// <summary>Every <c>model_type</c> that it reads.</summary>
    internal virtual IReadOnlyList<string> HuggingFaceTypes => [HuggingFaceType];

    /// <summary>The class in a Hugging Face config's <c>architectures</c>.</summary>
    internal abstract string HuggingFaceClass { get; }

    /// <summary>Every class of <c>architectures</c> that it reads, where another family has the same <c>model_type</c>.</summary>
    internal virtual IReadOnlyList<string> HuggingFaceClasses => [HuggingFaceClass];

    /// <summary>The <c>model_type</c> of such a network, where the family has several.</summary>
    internal virtual string HuggingFaceTypeOf(ModelConfig config) => HuggingFaceType;

    /// <summary>The class of such a network, where the family has several.</summary>
    internal virtual string HuggingFaceClassOf(ModelConfig config) => HuggingFaceClass;

    /// <summary>The prefix of such a network's weights, where the family has several.</summary>
    internal virtual string HuggingFacePrefixOf(ModelConfig config) => HuggingFacePrefix;

    /// <summary>timm's <c>global_pool</c> of such a network.</summary>
    internal virtual string TimmPool(ModelConfig config) => "avg";

    /// <summary>Where the head stands under our own names.</summary>
    internal abstract string HeadPath { get; }

    /// <summary>Where the head of such a network stands, where the family has several.</summary>
    internal virtual string HeadPathOf(ModelConfig config) => HeadPath;

    /// <summary>The prefix of all weights but the head's in Hugging Face files; files of a bare model leave it out.</summary>
    internal abstract string HuggingFacePrefix { get; }

    /// <summary>
    /// Writes what transformers does not tell apart and other origins do, into the object that is Graft's own; most have nothing.
    /// </summary>
    internal virtual void WriteLayout(ModelConfig config, Utf8JsonWriter writer) { }

    /// <summary>Reads what <see cref="WriteLayout"/> wrote.</summary>
    internal virtual ModelConfig ReadLayout(ModelConfig config, ConfigReader own) => config;

    /// <summary>Reads the sizes of a Hugging Face <c>config.json</c>.</summary>
    internal abstract ModelConfig FromHuggingFace(ConfigReader config);

    /// <summary>
    /// Writes the sizes as transformers has them; false, having written nothing, where it cannot build such a network.
    /// </summary>
    internal abstract bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer);

    /// <summary>A named variant of timm's changed by <c>model_args</c>.</summary>
    internal abstract ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments);

    /// <summary>timm's name of the architecture, and the arguments that make it such a network; null where none do.</summary>
    internal abstract (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config);

    /// <summary>Writes every setting, for networks that no other tool can build.</summary>
    internal abstract void Write(ModelConfig config, Utf8JsonWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal abstract ModelConfig Read(ConfigReader config);

    /// <summary>The network that a file's names and shapes are of; null where they are of another family.</summary>
    internal abstract Recognition? Recognize(TensorNames tensors);

    /// <summary>All settings but those of the head, as text: equal for equal networks.</summary>
    internal string Signature(ModelConfig config)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            Write(config, writer);
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>
    /// The network of torchvision that such a one is: it builds named ones only, for images of any size; null where it has none.
    /// </summary>
    internal virtual ModelVariant? TorchVisionVariantOf(ModelConfig config) =>
        VariantOf(Origin.TorchVision, config, ["image_size", "resampling"]);

    /// <summary>The same, whatever some settings are.</summary>
    private protected ModelVariant? VariantOf(Origin origin, ModelConfig config, ReadOnlySpan<string> aside)
    {
        string settings = Without(config, aside);
        foreach (ModelVariant variant in Variants)
            if (variant.Origin == origin && Without(variant.Config, aside) == settings) return variant;
        return null;
    }

    string Without(ModelConfig config, ReadOnlySpan<string> aside)
    {
        JsonObject settings = JsonNode.Parse(Signature(config))!.AsObject();
        foreach (string key in aside) settings.Remove(key);
        return settings.ToJsonString();
    }

    /// <summary>The variant of that origin that such a network is; null where it has no name.</summary>
    internal ModelVariant? VariantOf(Origin origin, ModelConfig config)
    {
        if (origin == Origin.Flax) origin = Origin.HuggingFace;
        string signature = Signature(config);
        foreach (ModelVariant variant in Variants)
            if (variant.Origin == origin && Signature(variant.Config) == signature) return variant;
        return null;
    }
}
