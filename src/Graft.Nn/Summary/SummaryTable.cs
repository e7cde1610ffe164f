using System.Text;

namespace Graft.Nn;

/// <summary>Lays a summary out as torchinfo does.</summary>
sealed class SummaryTable(SummaryCells cells, int columnWidth)
{
    const int Indent = 5, LeastNameWidth = 40;

    readonly StringBuilder text = new();

    /// <summary>The table.</summary>
    public override string ToString()
    {
        int longest = cells.AllLayers.Max(layer => SummaryCells.Title(layer).Length + layer.Depth * Indent + 1);
        int nameWidth = longest >= LeastNameWidth ? (longest + Indent - 1) / Indent * Indent : LeastNameWidth;
        string divider = new('=', nameWidth + cells.Columns.Count * columnWidth);
        (string[] counts, string[] sizes) = cells.Totals();
        text.Clear();
        Line(divider);
        Row(SummaryCells.FirstHeader, nameWidth, cells.Columns.Select(SummaryCells.Header));
        Line(divider);
        foreach (LayerSummary layer in cells.Layers)
            Row(Branch(layer.Depth) + SummaryCells.Title(layer), nameWidth, cells.Columns.Select(c => cells.Cell(layer, c)));
        Line(divider);
        foreach (string line in counts) Line(line);
        Line(divider);
        foreach (string line in sizes) Line(line);
        Line(divider);
        return text.ToString();
    }

    void Row(string name, int nameWidth, IEnumerable<string> values)
    {
        var line = new StringBuilder(name.PadRight(nameWidth));
        foreach (string value in values) line.Append(' ').Append(value.PadRight(columnWidth));
        Line(line.ToString().TrimEnd());
    }

    void Line(string line) => text.Append(line).Append('\n');

    static string Branch(int depth) => depth switch
    {
        0 => "",
        1 => "├─",
        _ => string.Concat(Enumerable.Repeat("│    ", depth - 1)) + "└─",
    };
}
