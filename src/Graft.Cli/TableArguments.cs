using System.CommandLine;
using Graft.Data;

namespace Graft.Cli;

/// <summary>The options that say how a table of images is read.</summary>
sealed class TableArguments
{
    readonly Option<string?> image = MakeOption.Text("--image-column", "NAME",
        "table: the column with the images' paths [one called image, path, file, ...; of two, the first]");
    readonly Option<string?> label = MakeOption.Text("--label-column", "NAME",
        "table: the column with the label or labels [one called label, class, tags, ...; of two, the other]");
    readonly Option<string?> separator = MakeOption.Text("--label-separator", "SIGN",
        "table: images have several labels, with this sign between them; also: space, tab");
    readonly Option<bool> several = MakeOption.Flag("--multi-label",
        "table: images have several labels, with | ; or , between them, whichever is found most, else spaces");
    readonly Option<string?> targets = MakeOption.Text("--target-columns", "A,B",
        "table: learn the numbers of these columns instead of labels");
    readonly Option<string?> mask = MakeOption.Text("--mask-column", "NAME",
        "table: the column with the masks' paths [one called mask, mask_path, segmentation, ...]");
    readonly Option<string?> split = MakeOption.Text("--split-column", "NAME",
        "table: the column that says train, val or test (1, true: train; 0, false: val) [one called split]");
    readonly Option<string?> root = MakeOption.Text("--image-root", "DIR",
        "table: the folder that paths start from [that of the table]");

    public IReadOnlyList<Option> Options => [image, label, separator, several, targets, mask, split, root];

    /// <summary>What was given.</summary>
    /// <param name="command">how errors name the command</param>
    /// <param name="arguments">the words</param>
    /// <param name="data">the data, a table or a folder</param>
    /// <exception cref="UsageException">The options don't go together, or not with a folder.</exception>
    public TableOptions Of(string command, ParseResult arguments, string? data)
    {
        TableOptions table = new()
        {
            ImageColumn = arguments.GetValue(image),
            LabelColumn = arguments.GetValue(label),
            LabelSeparator = arguments.GetValue(separator),
            MultipleLabels = arguments.GetValue(several),
            TargetColumns = arguments.GetValue(targets) is { } names ? [.. names.Split(',', StringSplitOptions.TrimEntries)] : [],
            MaskColumn = arguments.GetValue(mask),
            SplitColumn = arguments.GetValue(split),
            ImageRoot = arguments.GetValue(root),
        };
        if (!table.IsDefault && data is not null && Directory.Exists(data))
        {
            Option given = Options.First(option => arguments.GetResult(option) is { Implicit: false });
            throw new UsageException($"{command}: {given.Name} is about a table's columns, and {data} is a folder. Give a .csv.");
        }
        try
        {
            table.Validate();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{command}: {error.Message}");
        }
        return table;
    }
}
