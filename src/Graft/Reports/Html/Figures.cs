using System.Globalization;

namespace Graft.Reports;

/// <summary>Numbers as a page shows them.</summary>
static class Figures
{
    /// <summary>A share as a percentage: <c>93.5%</c>; a dash for what is no number.</summary>
    public static string Percent(double share, string format = "0.0") =>
        double.IsFinite(share) ? Number(share * 100, format) + "%" : "–";

    /// <summary>A number; a dash for what is none.</summary>
    public static string Number(double value, string format = "0.000") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Seconds, minutes or hours.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        double.NaN => "–",
        < 90 => Number(seconds, "0.0") + " s",
        < 5400 => Number(seconds / 60, "0.0") + " min",
        _ => Number(seconds / 3600, "0.0") + " h",
    };

    /// <summary>A number with as many digits as it takes to tell it: for tables of settings.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        return !double.IsFinite(value) ? "–"
            : size is 0 or (>= 0.001 and < 1e6) ? value.ToString("0.######", CultureInfo.InvariantCulture)
            : value.ToString("0.###e+0", CultureInfo.InvariantCulture);
    }
}
