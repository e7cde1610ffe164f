using System.Globalization;

namespace Graft.Nn;

/// <summary>What torchinfo writes into the cells of its table and below it.</summary>
/// <param name="summary">the summary</param>
/// <param name="depth">how deep the tree is shown; what lies deeper is counted where it ends</param>
/// <param name="columns">which columns there are; null for all but the share of parameters</param>
sealed class SummaryCells(ModelSummary summary, int depth, IReadOnlyList<SummaryColumn>? columns)
{
    const string Nothing = "--";

    static readonly SummaryColumn[] usual =
    [
        SummaryColumn.InputSize, SummaryColumn.OutputSize, SummaryColumn.Parameters, SummaryColumn.KernelSize,
        SummaryColumn.MultAdds, SummaryColumn.Trainable,
    ];

    internal const string FirstHeader = "Layer (type:depth-idx)";

    internal IEnumerable<LayerSummary> Layers => summary.Layers.Where(layer => layer.Depth <= depth);

    internal IReadOnlyList<LayerSummary> AllLayers => summary.Layers;

    internal IReadOnlyList<SummaryColumn> Columns { get; } = columns ?? usual;

    internal static string Header(SummaryColumn column) => column switch
    {
        SummaryColumn.InputSize => "Input Shape",
        SummaryColumn.OutputSize => "Output Shape",
        SummaryColumn.Parameters => "Param #",
        SummaryColumn.ParameterShare => "Param %",
        SummaryColumn.KernelSize => "Kernel Shape",
        SummaryColumn.MultAdds => "Mult-Adds",
        _ => "Trainable",
    };

    internal static string Title(LayerSummary layer) =>
        layer.Depth == 0 ? layer.Kind : $"{layer.Kind}: {layer.Depth}-{layer.Index}";

    /// <summary>What stands in a column; in the last row of a branch, with all that lies below.</summary>
    internal string Cell(LayerSummary layer, SummaryColumn column) => Cell(layer, column, layer.IsLeaf || layer.Depth == depth);

    /// <summary>The same, said whether it is the last row of its branch.</summary>
    internal string Cell(LayerSummary layer, SummaryColumn column, bool isEnd) => column switch
    {
        SummaryColumn.InputSize => Sizes(layer.InputShape),
        SummaryColumn.OutputSize => Sizes(layer.OutputShape),
        SummaryColumn.Parameters => Parameters(layer, isEnd),
        SummaryColumn.ParameterShare => Share(layer, isEnd),
        SummaryColumn.KernelSize => Sizes(layer.KernelShape),
        SummaryColumn.MultAdds => MultAdds(layer, isEnd),
        _ => layer.Parameters == 0 ? Nothing : layer.TrainableParameters == 0 ? "False"
            : layer.TrainableParameters == layer.Parameters ? "True" : "Partial",
    };

    /// <summary>The lines below the table, in two groups: the counts, and the sizes in memory.</summary>
    internal (string[] Counts, string[] SizesInMemory) Totals() =>
    ([
        $"Total params: {Grouped(summary.TotalParameters)}",
        $"Trainable params: {Grouped(summary.TrainableParameters)}",
        $"Non-trainable params: {Grouped(summary.TotalParameters - summary.TrainableParameters)}",
        $"Total mult-adds{InUnits(summary.TotalMultAdds)}",
    ],
    [
        $"Input size (MB): {Hundredths(summary.InputBytes / 1e6)}",
        $"Forward/backward pass size (MB): {Hundredths(summary.ForwardBackwardBytes / 1e6)}",
        $"Params size (MB): {Hundredths(summary.ParameterBytes / 1e6)}",
        $"Estimated Total Size (MB): {Hundredths(summary.TotalBytes / 1e6)}",
    ]);

    /// <summary>Two decimals as Python has them: a number halfway between two goes to the even one.</summary>
    internal static string Hundredths(double number, bool grouped = false)
    {
        bool isHalfway = number * 8 == Math.Floor(number * 8); // no other binary number lies exactly halfway
        string format = grouped ? "N2" : "F2";
        return isHalfway && number < 1e12
            ? Math.Round((decimal)number, 2, MidpointRounding.ToEven).ToString(format, CultureInfo.InvariantCulture)
            : number.ToString(format, CultureInfo.InvariantCulture);
    }

    static long Shown(LayerSummary layer, bool isEnd) => isEnd ? layer.Parameters : layer.OwnParameters;

    static string Parameters(LayerSummary layer, bool isEnd)
    {
        if (layer.Parameters == 0) return Nothing;
        if (layer.IsRepeated) return "(recursive)";
        long shown = Shown(layer, isEnd);
        if (shown == 0) return Nothing;
        return isEnd && layer.TrainableParameters == 0 ? $"({Grouped(shown)})" : Grouped(shown);
    }

    string Share(LayerSummary layer, bool isEnd)
    {
        if (layer.IsRepeated && layer.Parameters > 0) return "(recursive)";
        long shown = Shown(layer, isEnd);
        return shown == 0 ? "     --" : $"{Hundredths(100.0 * shown / summary.TotalParameters)}%".PadLeft(7);
    }

    static string MultAdds(LayerSummary layer, bool isEnd)
    {
        if (!isEnd || layer.Parameters == 0) return Nothing;
        return layer.MultAdds > 0 || !layer.IsLeaf ? Grouped(layer.MultAdds) : Nothing;
    }

    static string Sizes(IReadOnlyList<long>? sizes) => sizes is null ? Nothing : $"[{string.Join(", ", sizes)}]";

    static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

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
        string text = converted == Math.Floor(converted)
            ? converted.ToString("N0", CultureInfo.InvariantCulture) : Hundredths(converted, grouped: true);
        return $"{unit}: {text}";
    }
}
