namespace Graft.Data;

/// <summary>Reads tables of separated values, for what is not about images.</summary>
public static class TextTable
{
    /// <summary>The rows below the first line, each with as many cells as that has.</summary>
    /// <param name="path">A file of separated values: RFC 4180, UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged; the message names the line.</exception>
    public static IEnumerable<string[]> Read(string path)
    {
        using CsvTable table = CsvTable.Open(path);
        foreach (TableRow row in table.Rows()) yield return row.Cells;
    }

    /// <summary>The names of its columns.</summary>
    /// <inheritdoc cref="Read"/>
    public static string[] Columns(string path)
    {
        using CsvTable table = CsvTable.Open(path);
        return [.. table.Columns];
    }
}
