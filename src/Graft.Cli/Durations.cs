namespace Graft.Cli;

/// <summary>Times and counts as people read them.</summary>
static class Durations
{
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
