namespace Graft.Reports.Charts;

/// <summary>Curves that share both axes, as an SVG that needs nothing else.</summary>
static class LineChart
{
    const int Colors = 8;

    /// <summary>Draws curves.</summary>
    /// <param name="html">where to</param>
    /// <param name="frame">the axes</param>
    /// <param name="curves">the curves, the later over the earlier</param>
    /// <param name="canChoose">whether the legend's entries switch their curves on and off</param>
    /// <param name="marks">vertical lines with a word each, such as where a phase begins; null for none</param>
    public static void Write(
        HtmlWriter html, ChartFrame frame, IReadOnlyList<Series> curves, bool canChoose = false,
        IReadOnlyList<(double X, string Name)>? marks = null)
    {
        frame.Begin(html);
        foreach ((double x, string name) in marks ?? [])
        {
            double at = frame.PlaceX(x);
            html.Add($"<line class=\"guide\" x1=\"{at:0.0}\" x2=\"{at:0.0}\" y1=\"{ChartFrame.Ceiling}\" y2=\"{frame.Floor}\"/>");
            html.Add($"<text class=\"tick\" x=\"{at + 4:0.0}\" y=\"{ChartFrame.Ceiling + 9}\">{name}</text>");
        }
        for (int i = 0; i < curves.Count; i++) WriteCurve(html, frame, curves[i], i);
        frame.End(html);
        if (curves.Count > 1 || canChoose) WriteLegend(html, curves, canChoose);
        html.Raw("</figure>\n");
    }

    static void WriteCurve(HtmlWriter html, ChartFrame frame, Series curve, int number)
    {
        html.Add($"<g class=\"n{number + 1} {Style(curve, number)}\"><path d=\"");
        bool pen = false;
        foreach ((double x, double y) in curve.Points)
        {
            bool isNumber = double.IsFinite(x) && double.IsFinite(y);
            if (isNumber) html.Add($"{(pen ? "L" : "M")}{frame.PlaceX(x):0.#} {frame.PlaceY(y):0.#}");
            pen = isNumber;
        }
        html.Raw("\"/>");
        if (curve.HasMarks)
            foreach ((double x, double y) in curve.Points)
            {
                if (!double.IsFinite(x) || !double.IsFinite(y)) continue;
                html.Add($"<circle cx=\"{frame.PlaceX(x):0.#}\" cy=\"{frame.PlaceY(y):0.#}\" r=\"3\">");
                html.Add($"<title>{curve.Name}, {frame.X.Label} {Figures.Short(x)}: {Figures.Short(y)}</title></circle>");
            }
        html.Raw("</g>");
    }

    static void WriteLegend(HtmlWriter html, IReadOnlyList<Series> curves, bool canChoose)
    {
        html.Raw("<ul class=\"legend\">");
        for (int i = 0; i < curves.Count; i++)
        {
            html.Raw(canChoose ? "<li><label>" : "<li>");
            if (canChoose) html.Raw(curves[i].IsShown ? "<input type=\"checkbox\" checked>" : "<input type=\"checkbox\">");
            html.Add($"<svg class=\"key {Style(curves[i], i)}\" viewBox=\"0 0 22 10\" aria-hidden=\"true\">");
            html.Raw("<path d=\"M0 5H22\"/></svg>");
            html.Add($"<bdi>{curves[i].Name}</bdi>").Raw(canChoose ? "</label></li>" : "</li>");
        }
        html.Raw("</ul>\n");
    }

    // after the last colour they begin anew, dashed
    static string Style(Series curve, int number)
    {
        int color = curve.Color ?? number;
        return $"c{color % Colors}{(color >= Colors ? " dashed" : "")}{(curve.IsFaint ? " faint" : "")}";
    }
}
