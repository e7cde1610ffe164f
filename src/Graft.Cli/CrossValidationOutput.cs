using System.Globalization;

namespace Graft.Cli;

/// <summary>What a cross-validation came to, for people.</summary>
static class CrossValidationOutput
{
    public static void Write(TextWriter output, CrossValidationResult result)
    {
        output.WriteLine();
        if (result.WasCancelled)
            output.WriteLine($"stopped after {result.Folds.Count} of {result.FoldCount} folds; to go on: " +
                $"graft train --resume {ShellQuote.Quote(result.Folder)}");
        if (result.Pooled is { } pooled)
        {
            TableWriter table = new("measure", "mean", "deviation", "pooled");
            foreach ((string name, MetricSpread spread) in result.Metrics)
                table.Add(name, Figure(spread.Mean), Figure(spread.Deviation), Figure(spread.Pooled));
            table.Write(output);
            output.WriteLine($"{result.Folds.Count} folds, {pooled.Images} images, {Durations.Format(result.Seconds)}");
            output.WriteLine($"predictions: {Path.Combine(result.Folder, "predictions.csv")}");
        }
        output.WriteLine($"folds:       {result.Folder}");
    }

    static string Figure(double value) =>
        double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "not defined";
}
