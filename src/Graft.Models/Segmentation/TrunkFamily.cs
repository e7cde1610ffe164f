using System.Text.Json;
using Graft.Imaging;

namespace Graft.Models.Segmentation;

/// <summary>
/// What torchvision's segmentation networks share: a trunk that was pretrained as a classifier, a decoder, and for some of them
/// an auxiliary head on the trunk's middle, which learns beside the main one.
/// </summary>
public abstract class TrunkFamily : ModelFamily
{
    internal const int Categories = 21;

    private protected TrunkFamily() { }

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin == Origin.TorchVision
        ? NameMap.Create(
        [
            .. ((TrunkConfig)config).Trunk.TorchVisionNames(), (Decoder, Decoder), (FcnBranch.Auxiliary, FcnBranch.Auxiliary),
        ])
        : throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}");

    /// <summary>Where the decoder and the head stand.</summary>
    internal const string Decoder = "classifier";

    /// <inheritdoc/>
    public override bool Segments(ModelConfig config) => true;

    internal override bool TakesAuxiliary(ModelConfig config) => true;

    internal override NameMap? TrunkNames(TensorNames tensors, ModelConfig config) =>
        ((TrunkConfig)config).Trunk.NamesIn(tensors);

    internal override ModelConfig AtSizeOf(TensorNames tensors, Origin origin, ModelConfig config) =>
        config with { Auxiliary = TakesAuxiliary(config) && HasAuxiliary(tensors) };

    internal override string HuggingFaceType => "";
    internal override string HuggingFaceClass => "";
    internal override string HuggingFacePrefix => "";

    internal override ModelConfig FromHuggingFace(ConfigReader config) =>
        throw new NotSupportedException($"{config.Where}: transformers has no {Name}");

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer) => false;

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) =>
        throw new NotSupportedException($"{arguments.Where}: timm has no {Name}");

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override Recognition? Recognize(TensorNames tensors)
    {
        if (!tensors.Has(Sign) || Trunk.Recognize(tensors) is not { } trunk) return null;
        TrunkConfig? config = Measured(tensors, trunk.Dilated());
        int classes = tensors.Size(HeadPath + ".weight", 0);
        return config is null ? null : new Recognition(this, Origin.TorchVision, config with
        {
            Classes = classes,
            Auxiliary = TakesAuxiliary(config) && HasAuxiliary(tensors),
        });
    }

    /// <summary>A weight that only this family's decoder has.</summary>
    internal abstract string Sign { get; }

    /// <summary>The network whose decoder has those shapes; null where it is another's.</summary>
    internal abstract TrunkConfig? Measured(TensorNames tensors, Trunk trunk);

    static bool HasAuxiliary(TensorNames tensors) => tensors.Has(FcnBranch.HeadPath(FcnBranch.Auxiliary) + ".weight");

    /// <summary>A variant with the weights that torchvision publishes for it: the 21 classes of Pascal VOC.</summary>
    /// <param name="parameters">with the auxiliary head, where it has one</param>
    private protected ModelVariant Variant(string name, long parameters, Func<TrunkConfig> config) => new(
        Origin.TorchVision, name, this, parameters,
        () => config() with { Classes = Categories, Auxiliary = TakesAuxiliary(config()) },
        () => Preprocess.TorchVisionSegmentation());
}
