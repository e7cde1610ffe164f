namespace Graft.Reports.Charts;

/// <summary>Points in a plane, as an SVG that needs nothing else.</summary>
static class PointChart
{
    /// <summary>Draws points; what is no number is left out.</summary>
    public static void Write(HtmlWriter html, ChartFrame frame, IReadOnlyList<(double X, double Y)> points, int color = 0)
    {
        frame.Begin(html);
        html.Add($"<g class=\"points c{color}\">");
        foreach ((double x, double y) in points)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y)) continue;
            html.Add($"<circle cx=\"{frame.PlaceX(x):0.#}\" cy=\"{frame.PlaceY(y):0.#}\" r=\"3\">");
            html.Add($"<title>{Figures.Short(x)}, {Figures.Short(y)}</title></circle>");
        }
        html.Raw("</g>");
        frame.End(html);
        html.Raw("</figure>\n");
    }
}
