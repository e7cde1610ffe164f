using System.Globalization;
using System.Text;
using Graft.Training;

namespace Graft.Reports;

/// <summary>The curve of a learning-rate search as a picture: losses over rates, these by their logarithm, suggestions
/// marked.</summary>
public static class RatePlot
{
    const int Width = 760, Height = 400, Left = 56, Right = 20, Top = 20, Bottom = 44;

    /// <summary>An SVG document.</summary>
    public static string Svg(RateCurve curve)
    {
        RateCurve shown = curve.Trimmed() is { Losses.Count: > 1 } trimmed ? trimmed : curve;
        double[] finite = [.. shown.Losses.Where(double.IsFinite)];
        if (shown.Rates.Count < 2 || finite.Length < 2)
            throw new InvalidDataException("expected at least two rates with a loss: the loss ran away at once.");
        (double low, double high) = (finite.Min(), finite.Max());
        if (high <= low) (low, high) = (low - 0.5, high + 0.5);
        double first = Math.Log10(shown.Rates[0]), last = Math.Log10(shown.Rates[^1]);
        double X(double rate) => Left + (Math.Log10(rate) - first) / (last - first) * (Width - Left - Right);
        double Y(double loss) => Top + (high - loss) / (high - low) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        void Put(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Put($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" """);
        Put($"""role="img" aria-label="loss over learning rate" font-family="sans-serif" font-size="12">""");
        Put($"""<rect width="{Width}" height="{Height}" fill="white"/>""");
        for (int power = (int)Math.Ceiling(first); power <= Math.Floor(last); power++)
        {
            double x = X(Math.Pow(10, power));
            Put($"""<line x1="{x:0.0}" x2="{x:0.0}" y1="{Top}" y2="{Height - Bottom}" stroke="#ddd"/>""");
            Put($"""<text x="{x:0.0}" y="{Height - Bottom + 18}" text-anchor="middle" fill="#555">1e{power}</text>""");
        }
        for (int i = 0; i <= 4; i++)
        {
            double loss = low + (high - low) * i / 4, y = Y(loss);
            Put($"""<line x1="{Left}" x2="{Width - Right}" y1="{y:0.0}" y2="{y:0.0}" stroke="#eee"/>""");
            Put($"""<text x="{Left - 8}" y="{y + 4:0.0}" text-anchor="end" fill="#555">{loss:0.###}</text>""");
        }
        Put($"""<text x="{(Left + Width - Right) / 2}" y="{Height - 8}" text-anchor="middle" fill="#555">learning rate</text>""");
        IEnumerable<string> points = shown.Rates.Zip(shown.Losses).Where(point => double.IsFinite(point.Second))
            .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.First):0.0},{Y(point.Second):0.0}"));
        Put($"""<polyline points="{string.Join(' ', points)}" fill="none" stroke="#3465a4" stroke-width="2"/>""");
        string[] colours = ["#cc0000", "#4e9a06", "#75507b", "#c17d11"];
        int row = 0;
        foreach (RateSuggestion rule in Enum.GetValues<RateSuggestion>())
        {
            if (curve.Suggest(rule) is not { } rate) continue;
            string colour = colours[row++], name = rule.ToString().ToLowerInvariant();
            double x = Math.Clamp(X(rate), Left, Width - Right);
            Put($"""<line x1="{x:0.0}" x2="{x:0.0}" y1="{Top}" y2="{Height - Bottom}" stroke="{colour}" """);
            Put($"""stroke-dasharray="4 3"/>""");
            Put($"""<text x="{Left + 10}" y="{Top + 16 * row}" fill="{colour}">{name} {rate:0.00e+0}</text>""");
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>A page with it, which needs nothing else.</summary>
    public static string Html(RateCurve curve) =>
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Learning rates</title></head>\n" +
        $"<body style=\"font-family: sans-serif; margin: 2em\">\n<h1>Loss over learning rate</h1>\n{Svg(curve)}</body></html>\n";
}
