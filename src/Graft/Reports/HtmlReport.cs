using System.Globalization;
using System.Net;
using System.Text;
using Graft.Imaging;
using Graft.Training;

namespace Graft.Reports;

/// <summary>
/// A run on one page: curves, confusion matrix, classes, the images that went worst. One file, no scripts, nothing from
/// elsewhere.
/// </summary>
static class HtmlReport
{
    const int ShownImages = 12, ThumbnailSide = 160, LargestMatrix = 40;

    /// <summary>The page as text.</summary>
    /// <param name="result">the run</param>
    /// <param name="config">its settings</param>
    /// <param name="command">its command line</param>
    public static string Build(TrainResult result, JobConfig config, string command)
    {
        var html = new StringBuilder();
        string title = $"{result.Plan.Architecture} on {Path.GetFileName(Path.TrimEndingDirectorySeparator(config.Data))}";
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Put($"<title>{Text(title)}</title>\n<style>{Style}</style></head><body><main>\n");
        html.Put($"<h1>{Text(title)}</h1>\n");
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
        return html.Append("</main></body></html>\n").ToString();
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
            html.Put($"<figure>{Thumbnail(sample.Image, name)}<figcaption><b>{Text(label)}</b>");
            if (sample.Label != sample.Predicted) html.Put($" taken for <b>{Text(predicted)}</b>");
            html.Put($", {Percent(sample.Probability)}<br><small>{name}</small></figcaption></figure>\n");
        }
        html.Append("</div>\n");
    }

    static string Thumbnail(string path, string name)
    {
        try
        {
            using Image image = ImageCodec.Load(path);
            using Image small = image.Thumbnail(ThumbnailSide);
            byte[] jpeg = ImageCodec.EncodeJpeg(small, quality: 80);
            return $"<img alt=\"{name}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">";
        }
        catch (Exception error) when
            (error is InvalidDataException or IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return "<span>not readable any more</span>";
        }
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

    static string Text(string plain) => WebUtility.HtmlEncode(plain);

    static string Percent(double share) => Number(share * 100, "0.0") + "%";

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static string Duration(double seconds) => seconds < 90 ? Number(seconds, "0.0") + " s" : Number(seconds / 60, "0.0") + " min";

    const string Style = """
        :root{color-scheme:light dark;--ink:#1d2733;--soft:#66788a;--line:#d9e0e7;--card:#f5f7f9;--a:#7a8ba0;--b:#0b7a5b;
        --good:#0b9b6f;--bad:#d9534f}
        @media(prefers-color-scheme:dark){:root{--ink:#e5ebf1;--soft:#93a4b5;--line:#33414e;--card:#1a232c;--b:#3ecf9f}
        body{background:#121920}}
        body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink)}
        main{max-width:980px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:26px;margin:8px 0 16px}h2{font-size:18px;margin:36px 0 8px}.note,small{color:var(--soft)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:10px}
        .figures div{background:var(--card);border-radius:8px;padding:12px 14px}.figures b{display:block;font-size:22px}
        .figures span{color:var(--soft)}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:16px}
        svg{width:100%;background:var(--card);border-radius:8px}
        .grid{stroke:var(--line)}.tick{font-size:11px;fill:var(--soft)}path{fill:none;stroke-width:2}
        path.a{stroke:var(--a)}path.b{stroke:var(--b)}circle.a,text.a{fill:var(--a)}circle.b,text.b{fill:var(--b)}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:8px 0}
        th,td{padding:4px 12px;text-align:right;border-bottom:1px solid var(--line)}
        th{color:var(--soft);font-weight:500}th:first-child,td:first-child{text-align:left}tr.best td{font-weight:700}
        .matrix td{min-width:36px;text-align:center}
        .images{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:12px}
        figure{margin:0;background:var(--card);border-radius:8px;overflow:hidden}
        figure img{width:100%;height:130px;object-fit:cover;display:block}figcaption{padding:8px 10px;font-size:13px}
        figcaption small{word-break:break-all}
        pre{background:var(--card);padding:12px;border-radius:8px;white-space:pre-wrap;word-break:break-word}
        """;
}
