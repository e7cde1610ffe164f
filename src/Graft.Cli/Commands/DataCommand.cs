using System.CommandLine;

namespace Graft.Cli.Commands;

/// <summary><c>graft data</c>: looking at data before training on it.</summary>
sealed class DataCommand : GraftCommand
{
    public DataCommand() : base("data", "Looks at data before a model is trained on it.")
    {
    }

    public override IReadOnlyList<CommandEntry> Verbs { get; } =
    [
        new("preview", "draw what a model will see: images after augmentation and resize", () => new DataPreviewCommand()),
        new("augmentations", "list presets and transforms with their parameters", () => new DataAugmentationsCommand()),
    ];

    public override IReadOnlyList<(string CommandLine, string Meaning)> Examples { get; } =
    [
        ("graft data preview photos --out sheet.png --augment fastai", "a contact sheet of augmented images"),
        ("graft data augmentations", "all that --augment and --augmentation know"),
    ];

    public override int Run(ParseResult arguments, CommandContext context) =>
        throw new UsageException(
            $"data: expected {string.Join(" or ", Verbs.Select(verb => verb.Name))}. See graft data --help.");
}
