namespace Graft.Data;

/// <summary>The images that a table names: where they are, that each is there, and only once.</summary>
/// <param name="table">what messages call the table</param>
/// <param name="root">the folder that paths start from; null: that of the table</param>
/// <param name="column">the column's name</param>
sealed class TablePaths(string table, string? root, string column)
{
    const int Shown = 3;

    readonly string folder = Path.GetFullPath(root ?? Path.GetDirectoryName(Path.GetFullPath(table))!);
    readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);
    readonly List<string> missing = [];
    int missingCount;

    /// <summary>The file of a cell, and its name below the folder.</summary>
    public (string Path, string Name) Take(int line, string cell)
    {
        string text = cell.Trim();
        if (text.Length == 0)
            throw new InvalidDataException($"{table}: line {line}, column '{column}': expected an image, found nothing.");
        if (text.Contains('\0'))
            throw new InvalidDataException($"{table}: line {line}, column '{column}': expected a path, found a zero byte in it.");
        string path = Path.GetFullPath(text, folder);
        // written on Windows
        if (Path.DirectorySeparatorChar == '/' && text.Contains('\\') && !File.Exists(path))
            path = Path.GetFullPath(text.Replace('\\', '/'), folder);
        if (!lines.TryAdd(path, line))
            throw new InvalidDataException(
                $"{table}: line {line}, column '{column}': the image {text} is there already, in line {lines[path]}. Give each "
                + "image one row; several labels go into one cell, see --label-separator.");
        if (!File.Exists(path))
        {
            missingCount++;
            if (missing.Count < Shown) missing.Add($"line {line}, column '{column}': {text}");
        }
        return (path, Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'));
    }

    /// <summary>Refuses a table whose images aren't there.</summary>
    /// <exception cref="InvalidDataException">Some are not.</exception>
    public void ThrowIfMissing()
    {
        if (missingCount == 0) return;
        string more = missingCount > missing.Count ? $" and {missingCount - missing.Count} more" : "";
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"{table}: the images' folder {folder} does not exist. Check --image-root.");
        throw new InvalidDataException(
            $"{table}: no such image{(missingCount > 1 ? "s" : "")}: {string.Join("; ", missing)}{more}. Paths start from "
            + $"{folder}; another folder: --image-root.");
    }
}
