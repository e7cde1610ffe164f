namespace Graft.Data;

/// <summary>A table of images and the files of their masks.</summary>
static class MaskedTable
{
    /// <summary>Whether a table has a column of masks, by its name.</summary>
    public static bool IsAt(string path, string? maskColumn)
    {
        using CsvTable table = CsvTable.Open(path);
        return maskColumn is not null || new TableColumns(path, [.. table.Columns]).HasMasks;
    }

    /// <summary>The rows by part.</summary>
    /// <exception cref="InvalidDataException">The table can't be used; the message names line and column.</exception>
    public static List<MaskedPart> Read(string path, SegmentationOptions options)
    {
        const int Shown = 3;
        TableOptions its = options.Table ?? new TableOptions();
        its.Validate();
        using CsvTable table = CsvTable.Open(path);
        string[] names = [.. table.Columns];
        TableColumns columns = new(path, names);
        columns.ThrowIfUnnamed();
        int image = columns.Image(its.ImageColumn), mask = columns.Mask(its.MaskColumn, image);
        int? split = columns.Split(its.SplitColumn);
        var paths = new TablePaths(path, its.ImageRoot, names[image]);
        string folder = Path.GetFullPath(its.ImageRoot ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        Dictionary<string, MaskedPart> parts = [];
        List<string> missing = [];
        foreach (TableRow row in table.Rows())
        {
            (string file, string name) = paths.Take(row.Line, row.Cells[image]);
            string cell = row.Cells[mask].Trim();
            if (cell.Length == 0 || cell.Contains('\0'))
                throw new InvalidDataException(
                    $"{path}: line {row.Line}, column '{names[mask]}': expected a mask, found "
                    + $"{(cell.Length == 0 ? "nothing" : "a zero byte in it")}.");
            string maskFile = Path.GetFullPath(cell, folder);
            if (Path.DirectorySeparatorChar == '/' && cell.Contains('\\') && !File.Exists(maskFile))
                maskFile = Path.GetFullPath(cell.Replace('\\', '/'), folder); // written on Windows
            if (!File.Exists(maskFile)) missing.Add($"line {row.Line}, column '{names[mask]}': {cell}");
            string part = split is { } at ? TableCells.Part(path, row.Line, names[at], row.Cells[at]) : "";
            if (!parts.TryGetValue(part, out MaskedPart? rows))
                parts[part] = rows = new MaskedPart(part.Length > 0 ? part : null, []);
            rows.Samples.Add(new Sample(file, 0, rows.Samples.Count) { Name = name, Mask = new MaskFile(maskFile) });
        }
        if (parts.Count == 0)
            throw new InvalidDataException($"{path}: expected a row for each image, found none below the first line.");
        paths.ThrowIfMissing();
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"{path}: no such mask{(missing.Count > 1 ? "s" : "")}: {string.Join("; ", missing.Take(Shown))}"
                + $"{(missing.Count > Shown ? $" and {missing.Count - Shown} more" : "")}. Paths start from {folder}; another "
                + "folder: --image-root.");
        return [.. parts.Values];
    }
}
