namespace Graft.Reports.Charts;

/// <summary>What all charts with two axes have in common: their box, their axes, their grid.</summary>
sealed record ChartFrame
{
    const int Width = 480, Left = 58, Right = 14, Top = 12, Bottom = 40;

    /// <summary>What it shows, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What it says, for whoever does not see it.</summary>
    public required string Description { get; init; }

    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>Height of the drawing; it is 480 wide. <value>270</value></summary>
    public int Height { get; init; } = 270;

    /// <summary>Whether the horizontal axis has grid lines too. <value>false</value></summary>
    public bool HasColumns { get; init; }

    /// <summary>Whether a line shows where both axes have the same value. <value>false</value></summary>
    public bool HasDiagonal { get; init; }

    /// <summary>The lower edge of the plane.</summary>
    public int Floor => Height - Bottom;

    /// <summary>The upper edge of the plane.</summary>
    public static int Ceiling => Top;

    /// <summary>Where a value stands, from the left.</summary>
    public double PlaceX(double value) => Left + X.At(value) * (Width - Left - Right);

    /// <summary>Where a value stands, from the top.</summary>
    public double PlaceY(double value) => Top + (1 - Y.At(value)) * (Height - Top - Bottom);

    /// <summary>Everything up to what is drawn in the plane.</summary>
    public void Begin(HtmlWriter html)
    {
        html.Add($"<figure class=\"chart\"><figcaption>{Title}</figcaption>\n");
        html.Add($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Title}. {Description}\">");
        foreach (double tick in Y.Ticks)
        {
            double y = PlaceY(tick);
            html.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\"/>");
            html.Add($"<text class=\"tick\" x=\"{Left - 7}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{Y.Text(tick)}</text>");
        }
        foreach (double tick in X.Ticks)
        {
            double x = PlaceX(tick);
            if (HasColumns) html.Add($"<line class=\"grid\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{Top}\" y2=\"{Floor}\"/>");
            html.Add($"<text class=\"tick\" x=\"{x:0.0}\" y=\"{Floor + 16}\" text-anchor=\"middle\">{X.Text(tick)}</text>");
        }
        const int Middle = (Left + Width - Right) / 2;
        html.Add($"<text class=\"name\" x=\"{Middle}\" y=\"{Height - 6}\" text-anchor=\"middle\">{X.Label}</text>");
        html.Add($"<text class=\"name\" transform=\"translate(13 {(Top + Floor) / 2}) rotate(-90)\" text-anchor=\"middle\">");
        html.Add($"{Y.Label}</text>");
    }

    /// <summary>Everything after it but the legend.</summary>
    public void End(HtmlWriter html)
    {
        if (HasDiagonal && Math.Min(X.High, Y.High) is var high && Math.Max(X.Low, Y.Low) is var low && high > low)
        {
            html.Add($"<line class=\"guide\" x1=\"{PlaceX(low):0.0}\" y1=\"{PlaceY(low):0.0}\"");
            html.Add($" x2=\"{PlaceX(high):0.0}\" y2=\"{PlaceY(high):0.0}\"/>");
        }
        html.Raw("</svg>\n");
    }
}
