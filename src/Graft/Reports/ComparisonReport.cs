using System.Globalization;
using System.Text;

namespace Graft.Reports;

/// <summary>A comparison of models on one page: what it comes to, accuracies with their intervals, the table.</summary>
static class ComparisonReport
{
    const int Width = 900, Left = 240, Right = 30, Row = 46, Top = 26;

    /// <summary>The page as text.</summary>
    public static string Build(ComparisonResult result, string? command)
    {
        var html = new StringBuilder();
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(result.Data)));
        ReportPage.Begin(html, $"Which model for {data}?", Style);
        html.Put($"<p class=\"verdict\">{ReportPage.Text(result.Verdict)}</p>\n");
        if (result.WasCancelled) html.Append("<p class=\"note\">Stopped early; this is what was known up to there.</p>\n");
        html.Put($"<p class=\"note\">{result.Images} images, {result.Classes.Count} classes, {result.Folds}-fold ");
        html.Append("cross-validation; bars are 95% intervals.</p>\n");
        WriteChart(html, result);
        WriteTable(html, result);
        foreach ((string model, string reason) in result.Failed)
            html.Put($"<p class=\"note\">left out: {ReportPage.Text(model)}: {ReportPage.Text(reason)}</p>\n");
        html.Put($"<h2>How it was measured</h2>\n<p class=\"note\">{Method}</p>\n");
        if (command is not null) html.Put($"<pre>{ReportPage.Text(command)}</pre>\n");
        return ReportPage.End(html);
    }

    static void WriteChart(StringBuilder html, ComparisonResult result)
    {
        double lowest = result.Models.SelectMany(model => (double[])[model.Linear.Interval.Low, model.Neighbours.Interval.Low])
            .Concat(result.Models.Where(model => model.Tuned is not null).Select(model => model.Tuned!.Interval.Low)).Min();
        double low = Math.Max(0, Math.Floor(lowest * 20) / 20);
        if (low >= 1) low = 0.95;
        double X(double share) => Left + (share - low) / (1 - low) * (Width - Left - Right);
        int height = Top + Row * result.Models.Count + 30;
        html.Put($"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"accuracy of each model\">");
        for (int tick = 0; tick <= 5; tick++)
        {
            double share = low + (1 - low) * tick / 5;
            html.Put($"<line class=\"grid\" x1=\"{X(share):0.0}\" x2=\"{X(share):0.0}\" y1=\"{Top}\" y2=\"{height - 26}\"/>");
            html.Put($"<text class=\"tick\" x=\"{X(share):0.0}\" y=\"{height - 10}\" text-anchor=\"middle\">");
            html.Put($"{100 * share:0.#}%</text>");
        }
        int at = Left;
        (string, string)[] legend = [("linear probe", "b"), ("nearest neighbours", "a"), ("fine-tuned", "t")];
        foreach ((string name, string style) in legend)
        {
            html.Put($"<text class=\"tick {style}\" x=\"{at}\" y=\"16\">&#9679; {name}</text>");
            at += 40 + name.Length * 7;
        }
        for (int i = 0; i < result.Models.Count; i++)
        {
            ComparedModel model = result.Models[i];
            int y = Top + Row * i + 12;
            html.Put($"<text class=\"name\" x=\"{Left - 12}\" y=\"{y + 8}\" text-anchor=\"end\">");
            html.Put($"{ReportPage.Text(model.Name)}</text>");
            Mark("b", model.Linear.Accuracy, model.Linear.Interval, y);
            Mark("a", model.Neighbours.Accuracy, model.Neighbours.Interval, y + 11);
            if (model.Tuned is { } tuned) Mark("t", tuned.Accuracy, tuned.Interval, y + 22);
        }
        html.Append("</svg>\n");

        void Mark(string style, double value, (double Low, double High) interval, int y)
        {
            (double from, double to) = (X(Math.Max(low, interval.Low)), X(interval.High));
            html.Put($"<line class=\"bar {style}\" x1=\"{from:0.0}\" x2=\"{to:0.0}\" y1=\"{y}\" y2=\"{y}\"/>");
            html.Put($"<circle class=\"{style}\" cx=\"{X(value):0.0}\" cy=\"{y}\" r=\"4.5\"/>");
        }
    }

    static void WriteTable(StringBuilder html, ComparisonResult result)
    {
        html.Append("<div class=\"scroll\"><table><tr><th>model<th>parameters<th>multiply-adds<th>input<th>images/s");
        html.Append("<th>neighbours<th>linear probe<th>against the best<th>fine-tuned</tr>\n");
        foreach (ComparedModel model in result.Models)
        {
            html.Put($"<tr{(model == result.Models[0] ? " class=\"best\"" : "")}><td>{ReportPage.Text(model.Name)}");
            html.Put($"<br><small>{ReportPage.Text(model.Architecture)}</small>");
            html.Put($"<td>{model.Parameters / 1e6:0.0} M<td>{model.MultiplyAdds / 1e9:0.00} G<td>{model.InputSize}");
            html.Put($"<td>{model.ImagesPerSecond:0}<td>{Share(model.Neighbours.Accuracy, model.Neighbours.Interval)}");
            html.Put($"<td>{Share(model.Linear.Accuracy, model.Linear.Interval)}<td>");
            html.Append(model == result.Models[0] ? "best" : Against(model));
            html.Append("<td>");
            if (model.Tuned is { } tuned)
            {
                html.Append(Share(tuned.Accuracy, tuned.Interval));
                if (tuned.WasStopped) html.Append("<br><small>stopped by the budget</small>");
            }
            html.Append("</tr>\n");
        }
        html.Append("</table></div>\n");
    }

    static string Against(ComparedModel model) =>
        (model.IsWithinNoise ? "within noise" : "behind") +
        FormattableString.Invariant($"<br><small>p = {model.PValue:0.###}</small>");

    static string Share(double value, (double Low, double High) interval) =>
        $"{Percent(value)}%<br><small>{Percent(interval.Low)} to {Percent(interval.High)}</small>";

    static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    const string Method =
        "Each backbone sees every image once. The k-nearest-neighbour classifier goes by the cosine of features, the linear " +
        "probe is a logistic regression on standardised features; k and its strength are chosen within the training part of " +
        "each fold. " +
        "A model is within noise of the best when McNemar's exact test of the linear probes' answers, after Holm's correction, " +
        "gives 0.05 or more. Images/s are those of the backbone alone on this machine.";

    const string Style = """

        .verdict{font-size:17px;font-weight:600}
        line.bar{stroke-width:3;opacity:.45}line.a{stroke:var(--a)}line.b{stroke:var(--b)}
        line.t{stroke:#c98a1b}circle.t,text.t{fill:#c98a1b}
        text.name{font-size:13px;fill:var(--ink)}td{vertical-align:top}
        """;
}
