using System.Globalization;

namespace Graft.Data;

/// <summary>What the cells of a table mean. Errors name line and column.</summary>
static class TableCells
{
    static readonly string[] separators = ["|", ";", ","];

    // one label may well have a comma: tench, Tinca tinca
    static readonly string[] unusual = ["|", ";"];

    /// <summary>A number with a point for its decimals, whatever the machine's language.</summary>
    public static float Number(string table, int line, string column, string cell)
    {
        string text = cell.Trim();
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value))
            return value;
        string found = text.Length == 0 ? "nothing" : $"'{text}'";
        string hint = text.Contains(',') && !text.Contains('.') ? " Decimals come after a point." : "";
        throw new InvalidDataException($"{table}: line {line}, column '{column}': expected a number, found {found}.{hint}");
    }

    /// <summary>The part that a word names: train, val or test.</summary>
    public static string Part(string table, int line, string column, string cell) => cell.Trim().ToLowerInvariant() switch
    {
        "train" or "training" or "1" or "true" or "1.0" => "train",
        "val" or "valid" or "validation" or "dev" or "0" or "false" or "0.0" => "val",
        "test" or "testing" => "test",
        _ => throw new InvalidDataException(
            $"{table}: line {line}, column '{column}': expected train, val or test, found '{cell.Trim()}'."),
    };

    /// <summary>The labels of a cell, each once; none of an empty cell.</summary>
    /// <param name="separator">what stands between them; null: the cell is one label</param>
    public static string[] Labels(string table, int line, string column, string cell, string? separator)
    {
        if (cell.Length == 0) return [];
        if (separator is null) return [cell];
        string sign = separator switch { "space" => " ", "tab" => "\t", _ => separator };
        string[] parts = cell.Split(sign, StringSplitOptions.TrimEntries);
        // several spaces are one
        if (string.IsNullOrWhiteSpace(sign)) parts = [.. parts.Where(part => part.Length > 0)];
        if (parts.Any(part => part.Length == 0))
            throw new InvalidDataException(
                $"{table}: line {line}, column '{column}': expected labels with '{sign}' between them, found an empty one in "
                + $"'{cell}'.");
        return [.. parts.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The sign that most cells have of those that stand between labels; a space where none has one of these, and nothing where
    /// each cell is a single word.
    /// </summary>
    public static string? SeparatorOf(IReadOnlyCollection<string> cells) =>
        MostOften(separators, cells) ?? (cells.Any(cell => cell.Contains(' ')) ? " " : null);

    /// <summary>
    /// The sign that stands in so many of these labels, each said to be one, that they may be several; else null.
    /// </summary>
    public static string? LikelySeparatorOf(IReadOnlyCollection<string> labels) =>
        MostOften(unusual, labels) is { } sign && labels.Count(label => label.Contains(sign, StringComparison.Ordinal)) * 4
            > labels.Count ? sign : null;

    static string? MostOften(string[] signs, IReadOnlyCollection<string> cells)
    {
        int[] counts = [.. signs.Select(sign => cells.Count(cell => cell.Contains(sign, StringComparison.Ordinal)))];
        int most = Array.IndexOf(counts, counts.Max());
        return counts[most] > 0 ? signs[most] : null;
    }
}
