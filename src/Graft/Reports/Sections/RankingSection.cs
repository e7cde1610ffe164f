using Graft.Reports.Charts;

namespace Graft.Reports.Sections;

/// <summary>Precision-recall and ROC curves, class by class.</summary>
sealed class RankingSection : Section
{
    const int MostCurves = 24, ShownAtFirst = 6, MostPoints = 120;

    /// <inheritdoc/>
    public override string Id => "ranking";

    /// <inheritdoc/>
    public override string Title => "Precision, recall and ROC";

    /// <inheritdoc/>
    public override string Word => "Curves";

    /// <inheritdoc/>
    public override bool AppliesTo(ReportContext run) => run.HasClasses;

    /// <inheritdoc/>
    public override void Write(HtmlWriter html, ReportContext run)
    {
        int[] known = [.. Enumerable.Range(0, run.Labels.Count).Where(k => run.SupportOf(k) > 0)];
        if (known.Length == 0)
        {
            Note(html, "No class has images both of it and not of it: there is nothing to rank.");
            return;
        }
        int[] shown = known;
        string which = "Each class against all others, at every threshold. The legend switches curves on and off.";
        if (known.Length > MostCurves)
        {
            shown = [.. known.OrderBy(k => run.AveragePrecisions[k]).Take(MostCurves)];
            which += $" Of {known.Length} classes, these are the {MostCurves} with the lowest average precision.";
        }
        Note(html, which);
        html.Raw("<div class=\"charts\">");
        List<Series> precision = [], roc = [];
        for (int i = 0; i < shown.Length; i++)
        {
            int k = shown[i];
            bool isShown = shown.Length <= ShownAtFirst * 2 || i < ShownAtFirst;
            string name = run.Labels[k];
            precision.Add(new Series(
                $"{name} ({Figures.Number(run.AveragePrecisions[k])})", Thinned(Steps(run.Ranking.PrecisionRecall(k))))
            {
                HasMarks = false,
                IsShown = isShown,
            });
            if (run.Ranking.Roc(k) is { Count: > 0 } points)
                roc.Add(new Series($"{name} ({Figures.Number(run.Areas[k])})", Thinned(points))
                {
                    HasMarks = false,
                    IsShown = isShown,
                    Color = i,
                });
        }
        LineChart.Write(html, new ChartFrame
        {
            Title = "Precision over recall (average precision)",
            Description = $"{precision.Count} curves; their areas are in the table of classes.",
            X = Axis.Share("recall"),
            Y = Axis.Share("precision"),
            HasColumns = true,
            Height = 360,
        }, precision, canChoose: true);
        if (roc.Count > 0)
            LineChart.Write(html, new ChartFrame
            {
                Title = "ROC (area under the curve)",
                Description = $"{roc.Count} curves; their areas are in the table of classes.",
                X = Axis.Share("false positive rate"),
                Y = Axis.Share("true positive rate"),
                HasColumns = true,
                HasDiagonal = true,
                Height = 360,
            }, roc, canChoose: true);
        html.Raw("</div>\n");
    }

    /// <summary>
    /// Each threshold's precision over the gain in recall that it brings: the area below is the average precision.
    /// </summary>
    static List<(double X, double Y)> Steps(IReadOnlyList<(double Recall, double Precision)> points)
    {
        List<(double X, double Y)> steps = [];
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].Recall == points[i - 1].Recall) continue;
            steps.Add((points[i - 1].Recall, points[i].Precision));
            steps.Add((points[i].Recall, points[i].Precision));
        }
        return steps;
    }

    /// <summary>The corners of a curve: at most some, evenly, the first and the last among them.</summary>
    static List<(double, double)> Thinned(IReadOnlyList<(double X, double Y)> points)
    {
        List<(double X, double Y)> corners = [];
        for (int i = 0; i < points.Count; i++)
        {
            bool straight = i > 0 && i < points.Count - 1 &&
                ((points[i - 1].X == points[i].X && points[i].X == points[i + 1].X) ||
                (points[i - 1].Y == points[i].Y && points[i].Y == points[i + 1].Y));
            if (!straight) corners.Add(points[i]);
        }
        if (corners.Count <= MostPoints) return corners;
        List<(double, double)> kept = [];
        for (int i = 0; i < MostPoints; i++) kept.Add(corners[(int)((long)i * (corners.Count - 1) / (MostPoints - 1))]);
        return kept;
    }
}
