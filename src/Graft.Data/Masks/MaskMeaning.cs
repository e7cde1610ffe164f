using Graft.Imaging;

namespace Graft.Data;

/// <summary>From what masks hold, and a class list if there is one, to what their pixels mean.</summary>
static class MaskMeaning
{
    const int MostValues = 256, FewValues = 16;

    /// <summary>The encoding of masks that are made of the names of classes.</summary>
    /// <param name="root">what messages call the data</param>
    /// <param name="list">the class list, if there is one</param>
    /// <param name="found">the names that were found, in their order; background need not be among them</param>
    /// <exception cref="InvalidDataException">One of them is not in the class list.</exception>
    public static MaskEncoding Of(string root, ClassList? list, IReadOnlyList<string> found)
    {
        try
        {
            if (list is null)
                return new MaskEncoding([.. found.Where(name => name != MaskShapes.Background).Prepend(MaskShapes.Background)
                    .Select((name, number) => new MaskLabel(name, number))]);
            string[] unknown = [.. found.Where(name => list.Labels.All(label => label.Name != name))];
            return unknown.Length == 0 ? new MaskEncoding(list.Labels) : throw new InvalidDataException(
                $"{root}: expected the classes of {list.Path}, found {Listing.Of(unknown)}. Add them to the class list.");
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{list?.Path ?? root}: {error.Message}", error);
        }
    }

    /// <summary>The encoding of some masks.</summary>
    /// <exception cref="InvalidDataException">There is no sense in them.</exception>
    public static MaskEncoding Of(
        string root, ClassList? list, SegmentationOptions options, IReadOnlyList<MaskContent> contents, Action<string> note)
    {
        int? given = options.IgnoreIndex is { } index && index != SegmentationOptions.NoIgnoreIndex ? index : null;
        bool none = options.IgnoreIndex == SegmentationOptions.NoIgnoreIndex;
        try
        {
            int[] values = [.. contents.Where(content => content.Kind == MaskContentKind.Values)
                .SelectMany(content => content.Counts.Keys).Distinct().Order()];
            if (list is null)
            {
                if (contents.Any(content => content.Kind == MaskContentKind.Colors)) throw Colored(root, contents);
                return FromValues(root, values, contents, given, none, note);
            }
            IReadOnlyList<MaskLabel> labels = list.Labels;
            if (none) labels = [.. labels.Select(label => label with { IsIgnored = false })];
            else if (given is not null)
                labels = [.. labels.Select(label => label with { IsIgnored = label.IsIgnored || label.Value == given })];
            MaskLabel[] classes = [.. labels.Where(label => !label.IsIgnored)];
            int? ignored = none ? null : given ?? list.IgnoreValue;
            bool two = classes.Length == 2 && !list.HasValues && values is [var low, var high]
                && (low, high) != (classes[0].Value, classes[1].Value) && low != ignored && high != ignored
                && values.Any(value => labels.All(label => label.Value != value));
            if (two)
            {
                note($"{root}: value {values[0]} is {classes[0].Name}, {values[1]} is {classes[1].Name}");
                return new MaskEncoding(
                    [classes[0] with { Value = values[0] }, classes[1] with { Value = values[1] }], ignored);
            }
            return new MaskEncoding(labels, ignored ?? (none ? null : MaskEncoding.DefaultIgnoreValue));
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{list?.Path ?? root}: {error.Message}", error);
        }
    }

    /// <summary>The pixels of each class, and behind them the ignored ones; values of no class are told to the errors.</summary>
    public static long[] Count(MaskContent content, MaskEncoding encoding, string path, List<string> errors)
    {
        int classes = encoding.Names.Count;
        long[] counts = new long[classes + 1];
        bool grey = content.Kind == MaskContentKind.Colors
            && content.Counts.Keys.Any(key => encoding.ClassOf(Color(key)) is null)
            && content.Counts.Keys.All(key => Color(key) is var color && color.Red == color.Green && color.Red == color.Blue);
        foreach ((int key, long count) in content.Counts.OrderBy(pair => pair.Key))
        {
            int? number = content.Kind switch
            {
                MaskContentKind.Classes => key < 0 ? IndexMask.Ignore : key,
                MaskContentKind.Colors when !grey => encoding.ClassOf(Color(key)),
                MaskContentKind.Colors => encoding.ClassOf(key & 255),
                _ => encoding.ClassOf(key),
            };
            if (number is null)
            {
                bool isColor = content.Kind == MaskContentKind.Colors && !grey;
                errors.Add(isColor ? UnknownColor(path, Color(key), count)
                    : UnknownValue(path, grey ? key & 255 : key, count, encoding));
                return counts;
            }
            counts[number == IndexMask.Ignore ? classes : number.Value] += count;
        }
        return counts;
    }

    static MaskEncoding FromValues(
        string root, int[] values, IReadOnlyList<MaskContent> contents, int? given, bool none, Action<string> note)
    {
        int? ignored = given;
        if (ignored is null && !none && values.Length > 2 && values.Contains(MaskEncoding.DefaultIgnoreValue))
            ignored = MaskEncoding.DefaultIgnoreValue;
        int[] classes = [.. values.Where(value => value != ignored)];
        string what = ignored is { } its ? $" beside {its}, which is ignored," : "";
        if (classes.Length < 2)
            throw new InvalidDataException(
                $"{root}: expected masks of two classes or more, found{what} only the value {classes.FirstOrDefault()}.");
        if (classes.Length > FewValues)
        {
            long all = contents.Sum(content => content.Counts.Values.Sum());
            long ends = contents.Sum(content =>
                content.Counts.GetValueOrDefault(values[0]) + content.Counts.GetValueOrDefault(values[^1]));
            if (classes.Length > MostValues || (ends > 0.8 * all && values[^1] >= 250))
                throw new InvalidDataException(
                    $"{root}: expected a value for each class, found {classes.Length} values from {classes[0]} to {classes[^1]}: "
                    + "masks resized with a filter, or saved with loss? If they are right, give a class list: --class-list.");
        }
        if (classes.Length == 2)
        {
            note($"{root}: no class list: value {classes[0]} is taken for background, {classes[1]} for foreground");
            return new MaskEncoding([new("background", classes[0]), new("foreground", classes[1])], ignored);
        }
        note($"{root}: no class list: {classes.Length} classes are named after the values found,{what} {Some(classes)}");
        return new MaskEncoding(
            [.. classes.Select(value => new MaskLabel(value.ToString(System.Globalization.CultureInfo.InvariantCulture), value))],
            ignored);
    }

    static string Some(int[] values) => values.Length > 8 ? $"{values[0]} to {values[^1]}" : string.Join(", ", values);

    static RgbColor Color(int key) => new((byte)(key >> 16), (byte)(key >> 8), (byte)key);

    static string Pixels(long count) => count == 1 ? "1 pixel" : $"{count} pixels";

    static string UnknownValue(string path, int value, long count, MaskEncoding encoding)
    {
        string known = Some([.. encoding.Labels.Select(label => label.Value)
            .Concat(encoding.IgnoreValue is { } ignored ? [ignored] : []).Distinct().Order()]);
        return $"{path}: expected the values of the classes, {known}, found {value} in {Pixels(count)}. Complete the class "
            + $"list, or ignore the value: --ignore-index {value}.";
    }

    static string UnknownColor(string path, RgbColor color, long count) =>
        $"{path}: expected the colours of the class list, found ({color.Red}, {color.Green}, {color.Blue}) in {Pixels(count)}. "
        + "Add it to the class list.";

    static InvalidDataException Colored(string root, IReadOnlyList<MaskContent> contents) => new(
        $"{root}: expected masks of one channel, found {contents.Where(content => content.Kind == MaskContentKind.Colors)
            .SelectMany(content => content.Counts.Keys).Distinct().Count()} colours, of which nothing says the classes. Put a "
        + "classes.json beside the folders: {\"road\": [128, 64, 128], ...}.");
}
