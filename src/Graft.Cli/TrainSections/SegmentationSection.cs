using System.CommandLine;
using Graft.Models;

namespace Graft.Cli.TrainSections;

/// <summary>What is only for images with masks.</summary>
sealed class SegmentationSection : ITrainSection
{
    static readonly SegmentationSettings defaults = new();
    static readonly string[] decoders = [.. Enum.GetNames<DecoderKind>().Select(name => name.ToLowerInvariant())];

    readonly Option<string?> decoder = MakeOption.Text("--decoder", string.Join('|', decoders),
        "what makes a class for every pixel of a classification model's maps [a segmentation model's own; else unet]");
    readonly Option<bool> auxiliary = MakeOption.Flag("--aux", "train an auxiliary head along, in networks that can have one");
    readonly Option<bool> noAuxiliary = MakeOption.Flag("--no-aux", "leave the weights' auxiliary head out");
    readonly Option<double?> auxiliaryWeight = MakeOption.Real("--aux-weight", FormattableString.Invariant(
        $"what the auxiliary loss is multiplied by [{defaults.AuxiliaryWeight}]"), 0.001, 100);
    readonly Option<double?> auxiliaryRate = MakeOption.Real("--aux-lr", FormattableString.Invariant(
        $"how many times faster than the head the auxiliary head learns [{defaults.AuxiliaryRate}; torchvision: 10]"),
        0.001, 1000);
    readonly Option<NumberList?> crop = MakeOption.Numbers("--crop", "H,W", ',',
        "size of training crops in pixels [480 of 520 of the images' shorter side, at most 480]", count: 2);
    readonly Option<RealList?> scale = MakeOption.Reals("--scale", "LOW,HIGH",
        "by what training images are scaled at random, before the crop [0.5,2]", count: 2);
    readonly Option<double?> classCap = MakeOption.Real("--class-cap",
        "the largest share of one class in a training crop, ten tries; 0.75 is usual [1: any]", 0.01, 1);
    readonly Option<int?> ignoreIndex = MakeOption.Number("--ignore-index",
        "value of mask pixels that do not count; -1: none [the class list's; else 255 where it is no class]", minimum: -1);
    readonly Option<string?> classList = MakeOption.Text("--class-list", "FILE",
        "names, values and colours of the classes [classes.json or the like in the data's folder]");

    public string Title => "Segmentation (images with masks)";

    public IReadOnlyList<Option> Options =>
        [decoder, auxiliary, noAuxiliary, auxiliaryWeight, auxiliaryRate, crop, scale, classCap, ignoreIndex, classList];

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        if (arguments.GetValue(auxiliary) && arguments.GetValue(noAuxiliary))
            throw new UsageException("train: --aux and --no-aux exclude each other.");
        IReadOnlyList<int>? size = arguments.GetValue(crop)?.Values;
        IReadOnlyList<double>? range = arguments.GetValue(scale)?.Values;
        var settings = new SegmentationSettings
        {
            Decoder = Kind(arguments.GetValue(decoder)),
            Auxiliary = arguments.GetValue(auxiliary) ? true : arguments.GetValue(noAuxiliary) ? false : null,
            AuxiliaryWeight = arguments.GetValue(auxiliaryWeight) ?? defaults.AuxiliaryWeight,
            AuxiliaryRate = arguments.GetValue(auxiliaryRate) ?? defaults.AuxiliaryRate,
            Crop = size is null ? null : new CropSettings(size[0], size[1]),
            MinimumScale = range?[0] ?? defaults.MinimumScale,
            MaximumScale = range?[1] ?? defaults.MaximumScale,
            ClassCap = arguments.GetValue(classCap),
            IgnoreIndex = arguments.GetValue(ignoreIndex),
            ClassList = arguments.GetValue(classList),
        };
        try
        {
            settings.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"train: {error.Message}");
        }
        return config with { Segmentation = settings };
    }

    static DecoderKind? Kind(string? word)
    {
        if (word is null) return null;
        return decoders.Contains(word) ? Enum.Parse<DecoderKind>(word, ignoreCase: true)
            : throw new UsageException($"train: --decoder: expected one of {string.Join(", ", decoders)}, got '{word}'.");
    }
}
