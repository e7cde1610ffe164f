using System.Globalization;
using System.Text;
using Graft.Training;

namespace Graft.Reports;

/// <summary>
/// A run on one page: curves, confusion matrix, classes, the images that went worst. One file, no scripts, nothing from
/// elsewhere.
/// </summary>
static class HtmlReport
{
    const int ShownImages = 12, LargestMatrix = 40;

    /// <summary>The page as text.</summary>
    /// <param name="result">the run</param>
    /// <param name="config">its settings</param>
    /// <param name="command">its command line</param>
    public static string Build(TrainResult result, JobConfig config, string command)
    {
        var html = new StringBuilder();
        string title = $"{result.Plan.Architecture} on {Path.GetFileName(Path.TrimEndingDirectorySeparator(config.Data))}";
        ReportPage.Begin(html, title);
        if (result.WasCancelled)
            html.Append("<p class=\"note\">The run was stopped early; this is the best model up to there.</p>\n");
        WriteFigures(html, result);
        WriteCurves(html, result.Epochs);
        WriteMatrix(html, result.Validation);
        WriteClasses(html, result.Validation);
        WriteImages(html, "Worst validation images", "by loss: wrong, and sure of it", result.Validation,
            result.Validation.Samples.Where(sample => sample.Label != sample.Predicted).OrderByDescending(sample => sample.Loss));
        WriteImages(html, "Least sure of the right ones", "by the right class's probability", result.Validation,
            result.Validation.Samples.Where(sample => sample.Label == sample.Predicted).OrderByDescending(sample => sample.Loss));
        WriteImages(html, "Surest of the right ones", "by the right class's probability", result.Validation,
            result.Validation.Samples.Where(sample => sample.Label == sample.Predicted).OrderBy(sample => sample.Loss));
        WriteSettings(html, result, config, command);
        return ReportPage.End(html);
    }

    static void WriteFigures(StringBuilder html, TrainResult result)
    {
        EvaluationResult validation = result.Validation;
        html.Append("<div class=\"figures\">");
        Figure("accuracy", Percent(validation.Accuracy));
        if (validation.Top5Accuracy is { } top5) Figure("top-5 accuracy", Percent(top5));
        Figure("loss", Number(validation.Loss, "0.000"));
        Figure("best epoch", $"{result.Best.Epoch} of {result.Epochs.Count}");
        Figure("images", $"{result.Plan.TrainingImages} + {validation.Images}");
        Figure("time", Duration(result.Seconds));
        html.Append("</div>\n");

        void Figure(string name, string value) => html.Put($"<div><b>{value}</b><span>{name}</span></div>");
    }

    static void WriteCurves(StringBuilder html, IReadOnlyList<EpochRecord> epochs)
    {
        html.Append("<h2>Training</h2>\n<div class=\"charts\">");
        LineChart.Write(html, "loss",
            [
                ("training loss", "a", [.. epochs.Select(epoch => epoch.TrainLoss)]),
                ("validation loss", "b", [.. epochs.Select(epoch => epoch.ValidationLoss)]),
            ]);
        LineChart.Write(html, "accuracy",
            [
                ("training accuracy", "a", [.. epochs.Select(epoch => epoch.TrainAccuracy)]),
                ("validation accuracy", "b", [.. epochs.Select(epoch => epoch.ValidationAccuracy)]),
            ], (0, 1.001));
        html.Append("</div>\n<div class=\"scroll\"><table><tr><th>epoch<th>trained<th>train loss<th>train accuracy");
        html.Append("<th>validation loss<th>validation accuracy<th>rate<th>images/s<th>seconds</tr>\n");
        foreach (EpochRecord epoch in epochs)
        {
            html.Put($"<tr{(epoch.IsBest ? " class=\"best\"" : "")}><td>{epoch.Epoch}<td>{epoch.Phase}");
            html.Put($"<td>{epoch.TrainLoss:0.0000}<td>{Percent(epoch.TrainAccuracy)}");
            html.Put($"<td>{epoch.ValidationLoss:0.0000}<td>{Percent(epoch.ValidationAccuracy)}");
            html.Put($"<td>{epoch.LearningRate:0.##e+0}<td>{epoch.ImagesPerSecond:0}<td>{epoch.Seconds:0.0}</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    static void WriteMatrix(StringBuilder html, EvaluationResult validation)
    {
        int classes = validation.Classes.Count;
        if (classes > LargestMatrix)
        {
            WriteConfusions(html, validation);
            return;
        }
        html.Append("<h2>Confusion matrix</h2>\n<p class=\"note\">Rows: what an image is. Columns: what it was taken for.</p>");
        html.Append("<div class=\"scroll\"><table class=\"matrix\"><tr><th>");
        foreach (ClassResult each in validation.Classes) html.Put($"<th>{Text(each.Label)}");
        html.Append("</tr>\n");
        for (int row = 0; row < classes; row++)
        {
            html.Put($"<tr><th>{Text(validation.Classes[row].Label)}");
            int total = Math.Max(1, validation.Classes[row].Images);
            for (int column = 0; column < classes; column++)
            {
                int count = validation.ConfusionMatrix[row][column];
                double share = (double)count / total;
                string hue = row == column ? "var(--good)" : "var(--bad)";
                string colour = FormattableString.Invariant($"color-mix(in srgb, {hue} {15 + 60 * share:0}%, transparent)");
                string shade = count == 0 ? "" : $" style=\"background:{colour}\"";
                html.Put($"<td{shade}>{(count == 0 ? "" : count)}");
            }
            html.Append("</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    static void WriteConfusions(StringBuilder html, EvaluationResult validation)
    {
        const int Shown = 20;
        html.Append("<h2>Most confused</h2>\n<table><tr><th>is<th>taken for<th>images</tr>\n");
        var pairs = from row in Enumerable.Range(0, validation.Classes.Count)
                    from column in Enumerable.Range(0, validation.Classes.Count)
                    where row != column && validation.ConfusionMatrix[row][column] > 0
                    orderby validation.ConfusionMatrix[row][column] descending
                    select (row, column);
        foreach ((int row, int column) in pairs.Take(Shown))
        {
            html.Put($"<tr><td>{Text(validation.Classes[row].Label)}");
            html.Put($"<td>{Text(validation.Classes[column].Label)}");
            html.Put($"<td>{validation.ConfusionMatrix[row][column]}</tr>\n");
        }
        html.Append("</table>\n");
    }

    static void WriteClasses(StringBuilder html, EvaluationResult validation)
    {
        html.Append("<h2>Classes</h2>\n<div class=\"scroll\"><table><tr><th>class<th>images<th>precision<th>recall<th>F1</tr>\n");
        foreach (ClassResult each in validation.Classes)
        {
            html.Put($"<tr><td>{Text(each.Label)}<td>{each.Images}<td>{Percent(each.Precision)}");
            html.Put($"<td>{Percent(each.Recall)}<td>{Percent(each.F1)}</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    static void WriteImages(
        StringBuilder html, string title, string note, EvaluationResult validation, IEnumerable<SampleResult> samples)
    {
        SampleResult[] shown = [.. samples.Take(ShownImages)];
        if (shown.Length == 0) return;
        html.Put($"<h2>{title}</h2>\n<p class=\"note\">{note}</p><div class=\"images\">\n");
        foreach (SampleResult sample in shown)
        {
            string label = validation.Classes[sample.Label].Label, predicted = validation.Classes[sample.Predicted].Label;
            string name = Text(Path.GetFileName(sample.Image));
            html.Put($"<figure>{ReportPage.Thumbnail(sample.Image, name)}<figcaption><b>{Text(label)}</b>");
            if (sample.Label != sample.Predicted) html.Put($" taken for <b>{Text(predicted)}</b>");
            html.Put($", {Percent(sample.Probability)}<br><small>{name}</small></figcaption></figure>\n");
        }
        html.Append("</div>\n");
    }

    static void WriteSettings(StringBuilder html, TrainResult result, JobConfig config, string command)
    {
        html.Append("<h2>How it was made</h2>\n");
        html.Put($"<pre>{Text(command)}</pre>\n<table>");
        Row("mode", RunNames.Of(config.Mode));
        Row("model", config.Model);
        Row("data", config.Data);
        Row("input", result.Plan.InputSize);
        JobPlan plan = result.Plan;
        Row("parameters", FormattableString.Invariant($"{plan.Parameters:N0}, of which {plan.TrainableParameters:N0} trained"));
        Row("batch size", result.Plan.BatchSize.ToString(CultureInfo.InvariantCulture));
        Row("learning rate", result.Plan.LearningRate.ToString("0.##e+0", CultureInfo.InvariantCulture));
        Row("seed", config.Seed.ToString(CultureInfo.InvariantCulture));
        if (result.SkippedImages.Count > 0) Row("skipped images", string.Join(", ", result.SkippedImages));
        html.Append("</table>\n");

        void Row(string name, string value) => html.Put($"<tr><th>{name}<td>{Text(value)}</tr>\n");
    }

    static string Text(string plain) => ReportPage.Text(plain);

    static string Percent(double share) => Number(share * 100, "0.0") + "%";

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static string Duration(double seconds) => seconds < 90 ? Number(seconds, "0.0") + " s" : Number(seconds / 60, "0.0") + " min";
}
