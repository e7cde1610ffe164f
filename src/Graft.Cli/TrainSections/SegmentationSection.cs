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
    readonly MaskOptions masks = new();

    public string Title => "Segmentation (images with masks)";

    public IReadOnlyList<Option> Options =>
        [decoder, auxiliary, noAuxiliary, auxiliaryWeight, auxiliaryRate, .. masks.All];

    public JobConfig Apply(ParseResult arguments, JobConfig config)
    {
        if (arguments.GetValue(auxiliary) && arguments.GetValue(noAuxiliary))
            throw new UsageException("train: --aux and --no-aux exclude each other.");
        var settings = new SegmentationSettings
        {
            Decoder = Kind(arguments.GetValue(decoder)),
            Auxiliary = arguments.GetValue(auxiliary) ? true : arguments.GetValue(noAuxiliary) ? false : null,
            AuxiliaryWeight = arguments.GetValue(auxiliaryWeight) ?? defaults.AuxiliaryWeight,
            AuxiliaryRate = arguments.GetValue(auxiliaryRate) ?? defaults.AuxiliaryRate,
        };
        return config with { Segmentation = masks.Read(arguments, settings, "train") };
    }

    static DecoderKind? Kind(string? word)
    {
        if (word is null) return null;
        return decoders.Contains(word) ? Enum.Parse<DecoderKind>(word, ignoreCase: true)
            : throw new UsageException($"train: --decoder: expected one of {string.Join(", ", decoders)}, got '{word}'.");
    }
}
