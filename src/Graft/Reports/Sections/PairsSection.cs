using Graft.Data;

namespace Graft.Reports.Sections;

/// <summary>The classes that are most often taken for another, with pictures.</summary>
sealed class PairsSection : Section
{
    const int MostPairs = 12, Listed = 40, Pictures = 3;

    /// <inheritdoc/>
    public override string Id => "pairs";

    /// <inheritdoc/>
    public override string Title => "Most confused";

    /// <inheritdoc/>
    public override string Word => "Confused";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Has(LabelKind.Single) && run.Outcomes.Any(one => !one.IsRight);

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        var pairs = run.Outcomes.Where(one => !one.IsRight).GroupBy(one => (one.Label, one.Predicted))
            .OrderByDescending(pair => pair.Count()).ThenBy(pair => pair.Key).ToList();
        int pictured = Math.Min(MostPairs, Math.Max(1, run.Options.Images / 2));
        foreach (var pair in pairs.Take(pictured))
        {
            (string actual, string predicted) = (run.Labels[pair.Key.Label], run.Labels[pair.Key.Predicted]);
            html.Add($"<article class=\"confused\"><h3><bdi>{actual}</bdi> taken for <bdi>{predicted}</bdi> ");
            html.Add($"<small>{pair.Count()} of {run.Confusion.Scores(pair.Key.Label).Support} images</small></h3>");
            html.Raw("<div class=\"row\">");
            foreach (Outcome one in pair.OrderByDescending(one => one.Probability).Take(Pictures))
            {
                string image = run.Predictions.Images[one.Image];
                html.Raw("<figure>");
                run.Pictures.Write(html, image, $"{actual} taken for {predicted}", one.Predicted);
                html.Add($"<figcaption>{Figures.Percent(one.Probability)} <small>{image}</small></figcaption></figure>\n");
            }
            html.Raw("</div></article>\n");
        }
        if (pairs.Count <= pictured) return;
        html.Raw("<details><summary>More pairs</summary>\n");
        BeginTable(html, $"The next of {pairs.Count} pairs of classes", "sortable");
        html.Raw("<thead><tr><th scope=\"col\">is</th><th scope=\"col\">taken for</th><th scope=\"col\">images</th></tr>");
        html.Raw("</thead>\n<tbody>");
        foreach (var pair in pairs.Skip(pictured).Take(Listed))
        {
            html.Add($"<tr><td dir=\"auto\">{run.Labels[pair.Key.Label]}</td>");
            html.Add($"<td dir=\"auto\">{run.Labels[pair.Key.Predicted]}</td>");
            html.Add($"<td class=\"num\">{pair.Count()}</td></tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
        html.Raw("</details>\n");
    }
}
