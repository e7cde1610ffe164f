namespace Graft.Cli;

/// <summary>Finds what somebody may have meant by a name that doesn't exist.</summary>
static class NearestName
{
    /// <summary>The nearest names, best first; empty when none is near.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known, int count = 3)
    {
        string wanted = name.TrimStart('-').ToLowerInvariant();
        int limit = Math.Max(1, wanted.Length / 3);
        return [.. known.Distinct()
            .Select(candidate => (Name: candidate, Distance: Distance(wanted, candidate.TrimStart('-').ToLowerInvariant())))
            .Select(item => item.Distance > limit && IsPrefix(wanted, item.Name) ? item with { Distance = limit } : item)
            .Where(item => item.Distance <= limit)
            .OrderBy(item => item.Distance).ThenBy(item => item.Name, StringComparer.Ordinal)
            .Take(count).Select(item => item.Name)];
    }

    /// <summary>A sentence with the nearest names after a space, or nothing: " Did you mean train?"</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        IReadOnlyList<string> names = Find(name, known);
        return names.Count == 0 ? "" : $" Did you mean {string.Join(" or ", names)}?";
    }

    /// <summary>How many letters must be added, removed, changed or swapped (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }

    static bool IsPrefix(string wanted, string candidate) =>
        wanted.Length >= 3 && candidate.TrimStart('-').StartsWith(wanted, StringComparison.OrdinalIgnoreCase);
}
