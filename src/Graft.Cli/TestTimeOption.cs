using System.CommandLine;
using System.Globalization;

namespace Graft.Cli;

/// <summary><c>--tta</c> of the commands that run a model.</summary>
sealed class TestTimeOption
{
    static readonly TestTimeAugmentation defaults = new();

    readonly OptionalValueOption option = OptionalValueOption.Of(
        "--tta", "N|flip", $"{defaults.Views}", word => word == "flip" || word.All(char.IsAsciiDigit),
        "test-time augmentation as fastai's: a quarter of the image's probabilities and three of the mean of N augmented views " +
        $"[{defaults.Views}]; flip: the mean of the image and its mirror");

    public Option Option => option;

    /// <summary>What was asked for; null for none.</summary>
    /// <exception cref="UsageException">Neither a number of views nor flip.</exception>
    public TestTimeAugmentation? Of(ParseResult arguments)
    {
        string? word = arguments.GetValue(option);
        if (word is null) return null;
        if (word == "flip") return TestTimeAugmentation.Flip;
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int views) && views is >= 1 and <= 256)
            return defaults with { Views = views };
        throw new UsageException($"--tta: expected a number of views from 1 to 256, or flip; got '{word}'.");
    }
}
