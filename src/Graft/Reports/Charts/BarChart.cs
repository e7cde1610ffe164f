namespace Graft.Reports.Charts;

/// <summary>Upright bars side by side, as an SVG that needs nothing else.</summary>
static class BarChart
{
    /// <summary>Draws bars.</summary>
    /// <param name="html">where to</param>
    /// <param name="frame">the axes</param>
    /// <param name="bars">from where to where, how high, and what each tells; a height that is no number leaves a gap</param>
    /// <param name="color">the bars' colour</param>
    public static void Write(
        HtmlWriter html, ChartFrame frame, IReadOnlyList<(double From, double To, double Height, string Text)> bars,
        int color = 0)
    {
        frame.Begin(html);
        html.Add($"<g class=\"bars c{color}\">");
        foreach ((double from, double to, double height, string text) in bars)
        {
            if (!double.IsFinite(height)) continue;
            (double left, double right, double top) = (frame.PlaceX(from), frame.PlaceX(to), frame.PlaceY(height));
            html.Add($"<rect x=\"{left + 0.75:0.0}\" y=\"{top:0.0}\" width=\"{Math.Max(1, right - left - 1.5):0.0}\"");
            html.Add($" height=\"{Math.Max(0, frame.Floor - top):0.0}\"><title>{text}</title></rect>");
        }
        html.Raw("</g>");
        frame.End(html);
        html.Raw("</figure>\n");
    }
}
