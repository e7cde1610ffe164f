using Graft.Training;

namespace Graft.Cli;

/// <summary>Reads what <c>--metrics</c> and <c>--monitor</c> say.</summary>
static class MetricNames
{
    /// <summary>The names in a list with commas.</summary>
    /// <exception cref="UsageException">One is no metric.</exception>
    public static IReadOnlyList<string> Of(string verb, string list)
    {
        string[] names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names) Check(verb, () => MetricList.Find(name));
        return names;
    }

    /// <summary>The name of what decides.</summary>
    /// <exception cref="UsageException">It is no metric.</exception>
    public static string Monitor(string verb, string name)
    {
        Check(verb, () => MonitoredMetric.Of(name.Trim()));
        return name.Trim();
    }

    static void Check(string verb, Action find)
    {
        try
        {
            find();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{verb}: {error.Message}");
        }
    }
}
