
namespace Graft.Reports;

/// <summary>A comparison of models on one page: what it comes to, accuracies with their intervals, the table.</summary>
static class ComparisonReport
{
    const int Width = 900, Left = 240, Right = 30, Row = 46, Top = 26;

    /// <summary>The page as text.</summary>
    public static string Build(ComparisonResult result, string? command)
    {
        var html = new HtmlWriter();
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(result.Data)));
        ReportPage.Begin(html, $"Which model for {data}?", Style);
        html.Add($"<p class=\"verdict\">{result.Verdict}</p>\n");
        if (result.WasCancelled) html.Raw("<p class=\"note\">Stopped early; this is what was known up to there.</p>\n");
        html.Add($"<p class=\"note\">{result.Images} images, {result.Classes.Count} classes, {result.Folds}-fold ");
        html.Raw("cross-validation; bars are 95% intervals.</p>\n");
        WriteChart(html, result);
        WriteTable(html, result);
        foreach ((string model, string reason) in result.Failed)
            html.Add($"<p class=\"note\">left out: {model}: {reason}</p>\n");
        html.Add($"<h2>How it was measured</h2>\n<p class=\"note\">{Method}</p>\n");
        if (command is not null) html.Add($"<pre>{command}</pre>\n");
        return ReportPage.End(html);
    }

    static void WriteChart(HtmlWriter html, ComparisonResult result)
    {
        double lowest = result.Models.SelectMany(model => (double[])[model.Linear.Interval.Low, model.Neighbours.Interval.Low])
            .Concat(result.Models.Where(model => model.Tuned is not null).Select(model => model.Tuned!.Interval.Low)).Min();
        double low = Math.Max(0, Math.Floor(lowest * 20) / 20);
        if (low >= 1) low = 0.95;
        double X(double share) => Left + (share - low) / (1 - low) * (Width - Left - Right);
        int height = Top + Row * result.Models.Count + 30;
        html.Add($"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"accuracy of each model\">");
        for (int tick = 0; tick <= 5; tick++)
        {
            double share = low + (1 - low) * tick / 5;
            html.Add($"<line class=\"grid\" x1=\"{X(share):0.0}\" x2=\"{X(share):0.0}\" y1=\"{Top}\" y2=\"{height - 26}\"/>");
            html.Add($"<text class=\"tick\" x=\"{X(share):0.0}\" y=\"{height - 10}\" text-anchor=\"middle\">");
            html.Add($"{100 * share:0.#}%</text>");
        }
        int at = Left;
        (string, string)[] legend = [("linear probe", "b"), ("nearest neighbours", "a"), ("fine-tuned", "t")];
        bool anyTuned = result.Models.Any(model => model.Tuned is not null);
        foreach ((string name, string style) in legend.Take(anyTuned ? 3 : 2))
        {
            html.Add($"<text class=\"tick {style}\" x=\"{at}\" y=\"16\">&#9679; {name}</text>");
            at += 40 + name.Length * 7;
        }
        for (int i = 0; i < result.Models.Count; i++)
        {
            ComparedModel model = result.Models[i];
            int y = Top + Row * i + 12;
            html.Add($"<text class=\"name\" x=\"{Left - 12}\" y=\"{y + 8}\" text-anchor=\"end\">");
            html.Add($"{model.Name}</text>");
            Mark("b", model.Linear.Accuracy, model.Linear.Interval, y);
            Mark("a", model.Neighbours.Accuracy, model.Neighbours.Interval, y + 11);
            if (model.Tuned is { } tuned) Mark("t", tuned.Accuracy, tuned.Interval, y + 22);
        }
        html.Raw("</svg>\n");

        void Mark(string style, double value, (double Low, double High) interval, int y)
        {
            (double from, double to) = (X(Math.Max(low, interval.Low)), X(interval.High));
            html.Add($"<line class=\"bar {style}\" x1=\"{from:0.0}\" x2=\"{to:0.0}\" y1=\"{y}\" y2=\"{y}\"/>");
            html.Add($"<circle class=\"{style}\" cx=\"{X(value):0.0}\" cy=\"{y}\" r=\"4.5\"/>");
        }
    }

    static void WriteTable(HtmlWriter html, ComparisonResult result)
    {
        html.Raw("<div class=\"scroll\"><table><tr><th>model<th>parameters<th>multiply-adds<th>input<th>images/s");
        bool anyTuned = result.Models.Any(model => model.Tuned is not null);
        html.Raw("<th>neighbours<th>linear probe<th>against the best" + (anyTuned ? "<th>fine-tuned" : "") + "</tr>\n");
        foreach (ComparedModel model in result.Models)
        {
            html.Add($"<tr class=\"{(model == result.Models[0] ? "best" : "")}\"><td>{model.Name}");
            html.Add($"<br><small>{model.Architecture}</small>");
            html.Add($"<td>{model.Parameters / 1e6:0.0} M<td>{model.MultiplyAdds / 1e9:0.00} G<td>{model.InputSize}");
            html.Add($"<td>{model.ImagesPerSecond:0}<td>");
            WriteShare(html, model.Neighbours.Accuracy, model.Neighbours.Interval);
            html.Raw("<td>");
            WriteShare(html, model.Linear.Accuracy, model.Linear.Interval);
            html.Raw("<td>");
            if (model == result.Models[0]) html.Raw("best");
            else html.Add($"{(model.IsWithinNoise ? "within noise" : "behind")}<br><small>p {Probability(model.PValue)}</small>");
            if (anyTuned) html.Raw("<td>");
            if (model.Tuned is { } tuned)
            {
                WriteShare(html, tuned.Accuracy, tuned.Interval);
                if (tuned.WasStopped) html.Raw("<br><small>stopped by the budget</small>");
            }
            html.Raw("</tr>\n");
        }
        html.Raw("</table></div>\n");
    }

    static void WriteShare(HtmlWriter html, double value, (double Low, double High) interval) =>
        html.Add($"{Figures.Percent(value)}<br><small>{Share(interval.Low)} to {Share(interval.High)}</small>");

    static string Probability(double value) =>
        value < 0.001 ? "< 0.001" : FormattableString.Invariant($"= {value:0.000}");

    static string Share(double share) => Figures.Number(100 * share, "0.0"); // within a percentage

    const string Method =
        "Each backbone sees every image once. The k-nearest-neighbour classifier goes by the cosine of features, the linear " +
        "probe is a logistic regression on standardised features; k and its strength are chosen within the training part of " +
        "each fold. " +
        "A model is within noise of the best when McNemar's exact test of the linear probes' answers, after Holm's correction, " +
        "gives 0.05 or more. Images/s are those of the backbone alone on this machine.";

    const string Style = """

        .verdict{font-size:17px;font-weight:600}svg{width:100%;background:var(--card);border-radius:10px}
        .grid{stroke:var(--line)}.tick{font-size:11px;fill:var(--soft)}circle.a,text.a{fill:var(--a)}
        circle.b,text.b{fill:var(--b)}
        line.bar{stroke-width:3;opacity:.45}line.a{stroke:var(--a)}line.b{stroke:var(--b)}
        line.t{stroke:#c98a1b}circle.t,text.t{fill:#c98a1b}
        text.name{font-size:13px;fill:var(--ink)}td{vertical-align:top}td small{white-space:nowrap}
        """;
}
