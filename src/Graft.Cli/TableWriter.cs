namespace Graft.Cli;

/// <summary>Plain text in columns: words to the left, numbers to the right.</summary>
sealed class TableWriter(params IReadOnlyList<string> headings)
{
    readonly List<string[]> rows = [];

    public TableWriter Add(params string[] cells)
    {
        if (cells.Length != headings.Count)
            throw new ArgumentException($"expected {headings.Count} cells, got {cells.Length}", nameof(cells));
        rows.Add(cells);
        return this;
    }

    public void Write(TextWriter output, string indent = "")
    {
        int columns = headings.Count;
        int[] widths = new int[columns];
        bool[] right = new bool[columns];
        for (int c = 0; c < columns; c++)
        {
            widths[c] = rows.Select(row => row[c].Length).Append(headings[c].Length).Max();
            right[c] = rows.Count > 0 && rows.All(row => row[c].Length == 0 || IsNumeric(row[c]));
        }
        if (headings.Any(heading => heading.Length > 0)) WriteRow([.. headings]);
        foreach (string[] row in rows) WriteRow(row);

        void WriteRow(string[] cells)
        {
            string line = indent;
            for (int c = 0; c < columns; c++)
            {
                if (c > 0) line += "  ";
                line += right[c] ? cells[c].PadLeft(widths[c]) : cells[c].PadRight(widths[c]);
            }
            output.WriteLine(line.TrimEnd());
        }
    }

    static bool IsNumeric(string text) =>
        (char.IsDigit(text[0]) || (text.Length > 1 && text[0] is '-' or '+' or '<' && char.IsDigit(text[1]))) &&
        !text.Contains('x') && !text.Contains('[');
}
