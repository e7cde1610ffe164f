using System.Text.Json;
using Graft.Imaging;

namespace Graft.Models.Classification;

public sealed partial class SqueezeNet
{
    static readonly int[] squeezed10 = [0, 16, 16, 32, 0, 32, 48, 48, 64, 0, 64];
    static readonly int[] expanded10 = [0, 64, 64, 128, 0, 128, 192, 192, 256, 0, 256];
    static readonly int[] squeezed11 = [0, 16, 16, 0, 32, 32, 0, 48, 48, 64, 64];
    static readonly int[] expanded11 = [0, 64, 64, 0, 128, 128, 0, 192, 192, 256, 256];

    /// <inheritdoc/>
    public override IReadOnlyList<ModelVariant> Variants => variants ??=
    [
        Variant("squeezenet1_0", 1_248_424, () => new Config
        {
            Kernel = 7,
            Stem = 96,
            Squeezed = squeezed10,
            Expanded = expanded10,
            Dropout = 0.5,
            HeadStart = HeadStart.Normal,
        }),
        Variant("squeezenet1_1", 1_235_496, () => new Config
        {
            Squeezed = squeezed11,
            Expanded = expanded11,
            Dropout = 0.5,
            HeadStart = HeadStart.Normal,
        }),
    ];

    IReadOnlyList<ModelVariant>? variants;

    ModelVariant Variant(string name, long parameters, Func<Config> config) =>
        new(Origin.TorchVision, name, this, parameters, config, () => Preprocess.TorchVision(224, 256));

    /// <inheritdoc/>
    public override IReadOnlyList<Origin> Origins { get; } = [Origin.TorchVision];

    /// <inheritdoc/>
    public override NameMap Names(Origin origin, ModelConfig config) => origin == Origin.TorchVision ? NameMap.Same
        : throw new NotSupportedException($"{origin.ShortName()} has no names for {Name}");

    internal override string HuggingFaceType => "";
    internal override IReadOnlyList<string> HuggingFaceTypes => [];
    internal override string HuggingFaceClass => "";
    internal override string HeadPath => "classifier.1";
    internal override string HuggingFacePrefix => "";

    internal override ModelConfig FromHuggingFace(ConfigReader config) =>
        throw new NotSupportedException($"{config.Where}: transformers has no {Name}");

    internal override bool ToHuggingFace(ModelConfig config, Utf8JsonWriter writer) => false;

    internal override ModelConfig FromTimm(ModelConfig variant, ConfigReader arguments) =>
        throw new NotSupportedException($"{arguments.Where}: timm has no {Name}");

    internal override (string Architecture, Action<Utf8JsonWriter>? Arguments)? ToTimm(ModelConfig config) => null;

    internal override void Write(ModelConfig config, Utf8JsonWriter writer)
    {
        var its = (Config)config;
        writer.WriteNumber("kernel", its.Kernel);
        writer.WriteNumber("stem", its.Stem);
        writer.WriteNumbers("squeezed", its.Squeezed);
        writer.WriteNumbers("expanded", its.Expanded);
    }

    internal override ModelConfig Read(ConfigReader config)
    {
        int[] squeezed = config.Ints("squeezed", [], min: 0);
        int[] expanded = config.Ints("expanded", [], count: squeezed.Length, min: 0);
        for (int i = 0; i < squeezed.Length; i++)
            if (squeezed[i] > 0 && expanded[i] == 0)
                throw new InvalidDataException($"{config.Where}: expanded: expected channels for fire module {i}, found 0");
        return new Config
        {
            Kernel = config.Int("kernel", 3, max: 255),
            Stem = config.Int("stem", 64),
            Squeezed = squeezed,
            Expanded = expanded,
        };
    }

    internal override Recognition? Recognize(TensorNames tensors)
    {
        if (tensors.Size("features.0.weight", 0) is not (> 0 and var stem) || !tensors.Has("classifier.1.weight")) return null;
        List<int> squeezed = [], expanded = [];
        for (int i = Config.FirstLayer; i < 64; i++)
        {
            squeezed.Add(tensors.Size($"features.{i}.squeeze.weight", 0));
            expanded.Add(tensors.Size($"features.{i}.expand1x1.weight", 0));
        }
        int last = squeezed.FindLastIndex(each => each > 0);
        if (last < 0) return null;
        var config = new Config
        {
            Kernel = Math.Max(1, tensors.Size("features.0.weight", 2)),
            Stem = stem,
            Squeezed = squeezed[..(last + 1)],
            Expanded = expanded[..(last + 1)],
            Dropout = 0.5,
            HeadStart = HeadStart.Normal,
            Classes = tensors.Size("classifier.1.weight", 0),
        };
        return new Recognition(this, Origin.TorchVision, config);
    }
}
