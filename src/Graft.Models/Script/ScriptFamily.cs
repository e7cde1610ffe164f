using System.Text.Json;
using Graft.Nn;

namespace Graft.Models;

/// <summary>Networks that come with their own program: TorchScript. They have no variants, and no other origin has names for
/// them.</summary>
sealed class ScriptFamily : ModelFamily
{
    /// <summary>The only one.</summary>
    public static ScriptFamily Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "torchscript";

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins => [Origin.TorchScript];

    internal override string HuggingFaceType => "";

    internal override string HuggingFaceClass => "";

    internal override string HeadPath => "";

    internal override string HuggingFacePrefix => "";

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) =>
        origin == Origin.TorchScript ? NameMap.Same : throw Unconvertible();

    internal override Backbone Build(ModulePath at, ModelConfig config) => new ScriptBackbone(at, (ScriptConfig)config);

    internal override ModelConfig FromHuggingFace(ConfigReader config) => throw Unconvertible();

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer) => false;

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) => throw Unconvertible();

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer) { }

    internal override ModelConfig Read(ConfigReader config) => throw Unconvertible();

    internal override Recognition? Recognize(TensorNames tensors) => null;

    static NotSupportedException Unconvertible() => new(
        "a TorchScript model keeps its own program and names: it cannot be converted to another origin's.");
}
