namespace Graft.Cli;

/// <summary>Times and counts as people read them.</summary>
static class Durations
{
    /// <summary><c>8 s</c>, <c>45 s</c>, <c>2 min</c>, <c>1.5 h</c>: for what is not known exactly.</summary>
    public static string About(double seconds) => seconds switch
    {
        < 10 => FormattableString.Invariant($"{Math.Max(1, Math.Round(seconds)):0} s"),
        < 90 => FormattableString.Invariant($"{5 * Math.Round(seconds / 5):0} s"),
        < 5400 => FormattableString.Invariant($"{seconds / 60:0} min"),
        _ => FormattableString.Invariant($"{seconds / 3600:0.0} h"),
    };

    /// <summary><c>0.4 s</c>, <c>12 s</c>, <c>3:05</c>, <c>1:02:03</c>.</summary>
    public static string Format(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0) return "?";
        if (seconds < 10) return FormattableString.Invariant($"{seconds:0.0} s");
        if (seconds < 60) return FormattableString.Invariant($"{seconds:0} s");
        TimeSpan time = TimeSpan.FromSeconds(Math.Min(Math.Round(seconds), 1e9));
        return time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
    }
}
