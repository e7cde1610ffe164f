using System.CommandLine;

namespace Graft.Cli;

/// <summary>Where <c>graft predict</c> writes masks to, and which kinds.</summary>
sealed class SegmentationOutputOptions
{
    static readonly Dictionary<string, SegmentationOutput> kinds = new(StringComparer.Ordinal)
    {
        ["masks"] = SegmentationOutput.Masks,
        ["colors"] = SegmentationOutput.Colors,
        ["overlays"] = SegmentationOutput.Overlays,
        ["probabilities"] = SegmentationOutput.Probabilities,
    };

    readonly Option<string?> folder = MakeOption.Text("--out", "FOLDER",
        "of a segmentation model: write what each pixel shows into this folder, one file for each picture");
    readonly Option<string?> save = MakeOption.Text("--save", "KIND,KIND",
        "with --out: masks (class numbers as PNG with a palette), colors, overlays (with a legend), " +
        "probabilities (.npy, [K, H, W]) [masks,overlays]");

    public IReadOnlyList<Option> Options => [folder, save];

    /// <summary>The folder; null where nothing is to be written.</summary>
    public string? FolderOf(ParseResult arguments) => arguments.GetValue(folder);

    /// <summary>What is to be written.</summary>
    /// <exception cref="UsageException">An unknown kind, or no folder.</exception>
    public SegmentationOutput KindsOf(ParseResult arguments)
    {
        string? list = arguments.GetValue(save);
        if (arguments.GetValue(folder) is null)
            return list is null ? SegmentationOutput.None
                : throw new UsageException("predict: --save says what is written: give --out FOLDER too.");
        if (list is null) return SegmentationOutput.Masks | SegmentationOutput.Overlays;
        SegmentationOutput asked = SegmentationOutput.None;
        foreach (string word in list.Split(',', StringSplitOptions.TrimEntries))
            asked |= kinds.TryGetValue(word, out SegmentationOutput kind) ? kind : throw new UsageException(
                $"predict: --save: expected {string.Join(", ", kinds.Keys)}, came '{word}'.");
        return asked;
    }

    /// <summary>Refuses the options for a model that classifies whole images.</summary>
    /// <exception cref="UsageException">One of them was given.</exception>
    public void Refuse(string model, ParseResult arguments)
    {
        foreach (Option option in Options)
            if (arguments.GetResult(option) is { Implicit: false })
                throw new UsageException(
                    $"predict: {option.Name} is for segmentation models, and {model} classifies whole images: leave it out.");
    }
}
