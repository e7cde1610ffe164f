using System.Text.Json;
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

    /// <summary>The shape in which an origin saves one of our weights of that shape.</summary>
    public virtual long[] ShapeIn(Origin origin, ModelConfig config, string name, long[] shape) => shape;

    /// <summary>Builds the network below a path; weights hold whatever the memory held.</summary>
    internal abstract Backbone Build(ModulePath at, ModelConfig config);

    /// <summary>The <c>model_type</c> in a Hugging Face config.</summary>
    internal abstract string HuggingFaceType { get; }

    /// <summary>The class in a Hugging Face config's <c>architectures</c>.</summary>
    internal abstract string HuggingFaceClass { get; }

    /// <summary>Where the head stands under our own names.</summary>
    internal abstract string HeadPath { get; }

    /// <summary>The prefix of all weights but the head's in Hugging Face files; files of a bare model leave it out.</summary>
    internal abstract string HuggingFacePrefix { get; }

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

    /// <summary>The variant of that origin that such a network is; null where it has no name.</summary>
    internal ModelVariant? VariantOf(Origin origin, ModelConfig config)
    {
        string signature = Signature(config);
        foreach (ModelVariant variant in Variants)
            if (variant.Origin == origin && Signature(variant.Config) == signature) return variant;
        return null;
    }
}
