using System.Globalization;

namespace Graft.Reports.Charts;

/// <summary>An axis of a chart: what it shows, from where to where, with numbers that are easy to read.</summary>
sealed record Axis
{
    Axis(string label, double low, double high, IReadOnlyList<double> ticks, bool isLogarithmic) =>
        (Label, Low, High, Ticks, IsLogarithmic) = (label, low, high, ticks, isLogarithmic);

    /// <summary>What it shows.</summary>
    public string Label { get; }

    /// <summary>Its lower end.</summary>
    public double Low { get; }

    /// <summary>Its upper end.</summary>
    public double High { get; }

    /// <summary>The values that are named.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Whether equal ratios take equal room.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Shares from 0 to 1.</summary>
    public static Axis Share(string label) => new(label, 0, 1, [0, 0.25, 0.5, 0.75, 1], isLogarithmic: false);

    /// <summary>Whole numbers from one to another, such as epochs.</summary>
    public static Axis Whole(string label, int first, int last)
    {
        int step = (int)Math.Max(1, NiceStep((last - first) / 8.0));
        List<double> ticks = [];
        for (int at = first; at <= last; at += step) ticks.Add(at);
        double spare = first == last ? 0.5 : 0;
        return new Axis(label, first - spare, last + spare, ticks, isLogarithmic: false);
    }

    /// <summary>
    /// Round numbers around values; logarithmic where all are above 0 and they differ a thousandfold. Values that are no numbers
    /// do not count.
    /// </summary>
    /// <param name="label">what it shows</param>
    /// <param name="values">what is to fit</param>
    /// <param name="fromZero">whether it begins at 0 where no value is below</param>
    /// <param name="mayBeLogarithmic">whether it may be logarithmic</param>
    public static Axis Around(string label, IEnumerable<double> values, bool fromZero = true, bool mayBeLogarithmic = false)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
            if (double.IsFinite(value)) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high) (low, high) = (0, 1);
        if (mayBeLogarithmic && low > 0 && high / low >= 1000) return Logarithmic(label, low, high);
        if (fromZero && low >= 0) low = 0;
        if (high <= low) (low, high) = low == 0 ? (0, 1) : (low - Math.Abs(low) / 2, low + Math.Abs(low) / 2);
        double step = NiceStep((high - low) / 5);
        (double first, double last) = (Math.Floor(low / step), Math.Ceiling(high / step - 1e-9));
        List<double> ticks = [];
        for (double at = first; at <= last; at++) ticks.Add(at * step);
        return new Axis(label, first * step, last * step, ticks, isLogarithmic: false);
    }

    /// <summary>Where a value lies between the ends, 0 to 1.</summary>
    public double At(double value) => Math.Clamp(
        IsLogarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low), 0, 1);

    /// <summary>A tick as text.</summary>
    public string Text(double tick)
    {
        double size = Math.Max(Math.Abs(Low), Math.Abs(High));
        string format = IsLogarithmic || size < 0.005 || size >= 1e6 ? "0.##e+0" : "0.####";
        return (tick == 0 ? 0 : tick).ToString(tick == 0 ? "0" : format, CultureInfo.InvariantCulture);
    }

    static Axis Logarithmic(string label, double low, double high)
    {
        (int first, int last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
        int step = Math.Max(1, (last - first + 5) / 6);
        List<double> ticks = [];
        for (int power = first; power <= last; power += step) ticks.Add(Math.Pow(10, power));
        return new Axis(label, Math.Pow(10, first), Math.Pow(10, last), ticks, isLogarithmic: true);
    }

    /// <summary>1, 2 or 5 times a power of ten, at least as large.</summary>
    static double NiceStep(double least)
    {
        if (!(least > 0)) return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        foreach (double factor in (ReadOnlySpan<double>)[1, 2, 5])
            if (factor * power >= least * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }
}
