using System.CommandLine;
using System.Globalization;

namespace Graft.Cli;

/// <summary>How a segmentation model looks at images: the options of the commands that run one.</summary>
sealed class SegmentationArguments
{
    static readonly SegmentationView defaults = new();

    readonly Option<int?> window = MakeOption.Number("--window",
        "side in pixels of a window that slides over larger images [the whole image at once]", minimum: 32, valueName: "PIXELS");
    readonly Option<double?> overlap = MakeOption.Real("--overlap", FormattableString.Invariant(
        $"with --window: the share of it that its neighbours see too; logits are blended there [{defaults.Overlap}]"), 0, 0.9);
    readonly Option<string?> scales = MakeOption.Text("--scales", "A,B,C",
        "sizes, relative to the usual one, at which each image is looked at; probabilities are averaged [1]");

    public IReadOnlyList<Option> Options => [window, overlap, scales];

    /// <summary>The options that only a segmentation model knows.</summary>
    /// <exception cref="UsageException">One of them was given.</exception>
    public void Refuse(string command, string model, ParseResult arguments)
    {
        foreach (Option option in Options)
            if (arguments.GetResult(option) is { Implicit: false })
                throw new UsageException(
                    $"{command}: {option.Name} is for segmentation models, and {model} classifies whole images: leave it out.");
    }

    /// <summary>How images are looked at.</summary>
    /// <exception cref="UsageException">A value makes no sense.</exception>
    public SegmentationView Of(string command, ParseResult arguments, TestTimeAugmentation? views)
    {
        if (views is not null && views != TestTimeAugmentation.Flip)
            throw new UsageException(
                $"{command}: a segmentation model looks at an image mirrored (--tta flip) or at several --scales.");
        if (arguments.GetValue(overlap) is not null && arguments.GetValue(window) is null)
            throw new UsageException($"{command}: --overlap says how windows overlap: give --window PIXELS too.");
        var view = new SegmentationView
        {
            Window = arguments.GetValue(window),
            Overlap = arguments.GetValue(overlap) ?? defaults.Overlap,
            Scales = arguments.GetValue(scales) is { } list ? Numbers(command, list) : defaults.Scales,
            Flip = views is not null,
        };
        try
        {
            view.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{command}: {error.Message}");
        }
        return view;
    }

    static double[] Numbers(string command, string list)
    {
        string[] words = list.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new double[words.Length];
        for (int i = 0; i < words.Length; i++)
            if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                throw new UsageException($"{command}: --scales: expected numbers joined by commas, came '{list}'.");
        return numbers;
    }
}
