using System.Globalization;
using System.Text;

namespace Graft.Reports;

/// <summary>Curves over the epochs as an SVG that needs nothing else.</summary>
static class LineChart
{
    const int Width = 460, Height = 240, Left = 52, Right = 12, Top = 14, Bottom = 34;

    /// <summary>Draws curves that share both axes. Values that are no numbers leave a gap.</summary>
    /// <param name="svg">where to</param>
    /// <param name="title">what the vertical axis shows; read out by screen readers</param>
    /// <param name="curves">a name for the legend, a CSS class for the colour, and a value for each epoch</param>
    /// <param name="range">the vertical axis; null: as the values want it</param>
    public static void Write(
        StringBuilder svg, string title, IReadOnlyList<(string Name, string Style, IReadOnlyList<double> Values)> curves,
        (double Low, double High)? range = null)
    {
        int count = curves.Max(curve => curve.Values.Count);
        double[] finite = [.. curves.SelectMany(curve => curve.Values).Where(double.IsFinite)];
        (double low, double high) = range ?? (0, finite.Length > 0 ? finite.Max() * 1.05 : 1);
        if (high <= low) high = low + 1;
        double X(int epoch) => Left + (count == 1 ? 0.5 : (double)epoch / (count - 1)) * (Width - Left - Right);
        double Y(double value) => Top + (high - value) / (high - low) * (Height - Top - Bottom);

        svg.Put($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}">""");
        const int Ticks = 4;
        for (int i = 0; i <= Ticks; i++)
        {
            double value = low + (high - low) * i / Ticks, y = Y(value);
            svg.Put($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y:0.0}" y2="{y:0.0}"/>""");
            svg.Put($"""<text class="tick" x="{Left - 8}" y="{y + 4:0.0}" text-anchor="end">{value:0.##}</text>""");
        }
        int every = Math.Max(1, (count + 9) / 10);
        for (int epoch = 0; epoch < count; epoch += every)
            svg.Put($"""<text class="tick" x="{X(epoch):0.0}" y="{Height - 16}" text-anchor="middle">{epoch + 1}</text>""");
        svg.Put($"""<text class="tick" x="{(Left + Width - Right) / 2}" y="{Height - 2}" text-anchor="middle">epoch</text>""");
        int legend = Left + 8;
        foreach ((string name, string style, IReadOnlyList<double> values) in curves)
        {
            bool pen = false;
            var path = new StringBuilder();
            for (int epoch = 0; epoch < values.Count; epoch++)
            {
                if (!double.IsFinite(values[epoch]))
                {
                    pen = false;
                    continue;
                }
                double y = Y(Math.Clamp(values[epoch], low, high));
                path.Put($"{(pen ? 'L' : 'M')}{X(epoch):0.0} {y:0.0}");
                svg.Put($"""<circle class="{style}" cx="{X(epoch):0.0}" cy="{y:0.0}" r="3"/>""");
                pen = true;
            }
            svg.Put($"""<path class="{style}" d="{path}"/>""");
            svg.Put($"""<text class="tick {style}" x="{legend}" y="{Top + 2}">&#9679; {name}</text>""");
            legend += 24 + name.Length * 7;
        }
        svg.Append("</svg>\n");
    }
}
