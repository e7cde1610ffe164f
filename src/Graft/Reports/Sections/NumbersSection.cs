using Graft.Data;
using Graft.Reports.Charts;

namespace Graft.Reports.Sections;

/// <summary>Predicted numbers against the right ones.</summary>
sealed class NumbersSection : Section
{
    const int MostPoints = 2000, MostNumbers = 12;

    /// <inheritdoc/>
    public override string Id => "numbers";

    /// <inheritdoc/>
    public override string Title => "Predicted against actual";

    /// <inheritdoc/>
    public override string Word => "Numbers";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.Has(LabelKind.Number);

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        RunPredictions all = run.Predictions;
        BeginTable(html, "Each number on the validation images", "sortable");
        html.Raw("<thead><tr><th scope=\"col\">number</th><th scope=\"col\">mean absolute error</th>");
        html.Raw("<th scope=\"col\">root mean squared error</th><th scope=\"col\">R²</th></tr></thead>\n<tbody>");
        for (int k = 0; k < run.Labels.Count; k++)
        {
            (double absolute, double squared, double r2) = Errors(all, k);
            html.Add($"<tr><th scope=\"row\" dir=\"auto\">{run.Labels[k]}</th>");
            html.Add($"<td class=\"num\">{Figures.Short(Math.Round(absolute, 6))}</td>");
            html.Add($"<td class=\"num\">{Figures.Short(Math.Round(squared, 6))}</td>");
            html.Add($"<td class=\"num\">{Figures.Number(r2)}</td></tr>\n");
        }
        html.Raw("</tbody>");
        EndTable(html);
        html.Raw("<div class=\"charts\">");
        int step = Math.Max(1, all.Count / MostPoints);
        for (int k = 0; k < Math.Min(MostNumbers, run.Labels.Count); k++)
        {
            List<(double X, double Y)> points = [];
            for (int i = 0; i < all.Count; i += step) points.Add((all.TargetsOf(i)[k], all.OutputsOf(i)[k]));
            Axis Around(string name) =>
                Axis.Around(name, points.SelectMany(point => (double[])[point.X, point.Y]), fromZero: false);
            PointChart.Write(html, new ChartFrame
            {
                Title = run.Labels[k],
                Description = $"Predicted over actual values of {points.Count} images; right ones lie on the line.",
                X = Around("actual"),
                Y = Around("predicted"),
                HasColumns = true,
                HasDiagonal = true,
                Height = 360,
            }, points);
        }
        html.Raw("</div>\n");
    }

    static (double Absolute, double Squared, double R2) Errors(RunPredictions all, int number)
    {
        double absolute = 0, squares = 0, mean = 0, spread = 0;
        for (int i = 0; i < all.Count; i++) mean += all.TargetsOf(i)[number] / all.Count;
        for (int i = 0; i < all.Count; i++)
        {
            double error = all.OutputsOf(i)[number] - all.TargetsOf(i)[number], from = all.TargetsOf(i)[number] - mean;
            (absolute, squares, spread) = (absolute + Math.Abs(error), squares + error * error, spread + from * from);
        }
        return (absolute / all.Count, Math.Sqrt(squares / all.Count), spread > 0 ? 1 - squares / spread : double.NaN);
    }
}
