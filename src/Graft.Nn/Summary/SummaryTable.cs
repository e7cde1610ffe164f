using System.Globalization;
using System.Text;

namespace Graft.Nn;

/// <summary>Lays a summary out as torchinfo does.</summary>
sealed class SummaryTable(ModelSummary summary, int depth, int columnWidth)
{
    const int Indent = 5, LeastNameWidth = 40;
    static readonly string[] columns = ["Input Shape", "Output Shape", "Param #", "Kernel Shape", "Mult-Adds", "Trainable"];

    readonly StringBuilder text = new();

    /// <summary>The table.</summary>
    public override string ToString()
    {
        int longest = summary.Layers.Max(layer => TitleOf(layer).Length + layer.Depth * Indent + 1);
        int nameWidth = longest >= LeastNameWidth ? (longest + Indent - 1) / Indent * Indent : LeastNameWidth;
        string divider = new('=', nameWidth + columns.Length * columnWidth);
        text.Clear();
        Line(divider);
        Row("Layer (type:depth-idx)", nameWidth, columns);
        Line(divider);
        foreach (LayerSummary layer in summary.Layers)
            if (layer.Depth <= depth) Row(Branch(layer.Depth) + TitleOf(layer), nameWidth, CellsOf(layer));
        Line(divider);
        Line($"Total params: {Grouped(summary.TotalParameters)}");
        Line($"Trainable params: {Grouped(summary.TrainableParameters)}");
        Line($"Non-trainable params: {Grouped(summary.TotalParameters - summary.TrainableParameters)}");
        Line($"Total mult-adds{InUnits(summary.TotalMultAdds)}");
        Line(divider);
        Line($"Input size (MB): {InMegabytes(summary.InputBytes)}");
        Line($"Forward/backward pass size (MB): {InMegabytes(summary.ForwardBackwardBytes)}");
        Line($"Params size (MB): {InMegabytes(summary.ParameterBytes)}");
        Line($"Estimated Total Size (MB): {InMegabytes(summary.TotalBytes)}");
        Line(divider);
        return text.ToString();
    }

    string[] CellsOf(LayerSummary layer)
    {
        bool isEnd = layer.IsLeaf || layer.Depth == depth;
        long shown = isEnd ? layer.Parameters : layer.OwnParameters;
        string parameters = layer.Parameters == 0 || shown == 0 ? "--" : layer.IsRepeated ? "(recursive)"
            : layer.TrainableParameters == 0 ? $"({Grouped(shown)})" : Grouped(shown);
        string trainable = layer.Parameters == 0 ? "--" : layer.TrainableParameters == 0 ? "False"
            : layer.TrainableParameters == layer.Parameters ? "True" : "Partial";
        return
        [
            Sizes(layer.InputShape), Sizes(layer.OutputShape), parameters, Sizes(layer.KernelShape),
            isEnd && layer.MultAdds > 0 ? Grouped(layer.MultAdds) : "--", trainable,
        ];
    }

    void Row(string name, int nameWidth, string[] cells)
    {
        var line = new StringBuilder(name.PadRight(nameWidth));
        foreach (string cell in cells) line.Append(' ').Append(cell.PadRight(columnWidth));
        Line(line.ToString().TrimEnd());
    }

    void Line(string line) => text.Append(line).Append('\n');

    static string TitleOf(LayerSummary layer) => layer.Depth == 0 ? layer.Kind : $"{layer.Kind}: {layer.Depth}-{layer.Index}";

    static string Branch(int depth) => depth switch
    {
        0 => "",
        1 => "├─",
        _ => string.Concat(Enumerable.Repeat("│    ", depth - 1)) + "└─",
    };

    static string Sizes(IReadOnlyList<long>? sizes) => sizes is null ? "--" : $"[{string.Join(", ", sizes)}]";

    static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string InMegabytes(long bytes) => (bytes / 1e6).ToString("N2", CultureInfo.InvariantCulture);

    static string InUnits(long number)
    {
        (string unit, double divisor) = number switch
        {
            >= 1_000_000_000_000 => (" (T)", 1e12),
            >= 1_000_000_000 => (" (G)", 1e9),
            >= 1_000_000 => (" (M)", 1e6),
            >= 1_000 => (" (K)", 1e3),
            _ => ("", 1),
        };
        double converted = number / divisor;
        string format = converted == Math.Floor(converted) ? "N0" : "N2";
        return $"{unit}: {converted.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
