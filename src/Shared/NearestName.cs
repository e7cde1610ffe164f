namespace Graft;

/// <summary>The names nearest to one that is not known. Compiled into each project that needs it.</summary>
static class NearestName
{
    /// <summary>
    /// The names nearest to a text, nearest first: none that differs in more than a third of its letters, unless it begins with
    /// the text. Upper and lower case, and the dashes before options, make no difference.
    /// </summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names, int count = 3)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(names);
        string wanted = Plain(text);
        List<(int Distance, string Name)> near = [];
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            string candidate = Plain(name);
            int limit = Math.Max(1, Math.Max(wanted.Length, candidate.Length) / 3);
            bool begins = wanted.Length >= 3 && candidate.StartsWith(wanted, StringComparison.Ordinal);
            int distance = Math.Abs(wanted.Length - candidate.Length) > limit ? limit + 1 : Distance(wanted, candidate, limit);
            if (distance <= limit) near.Add((distance, name));
            else if (begins) near.Add((limit, name));
        }
        near.Sort((left, right) =>
            left.Distance != right.Distance ? left.Distance - right.Distance : string.CompareOrdinal(left.Name, right.Name));
        return [.. near.Take(count).Select(item => item.Name)];
    }

    /// <summary>A sentence with the nearest names after a space, or nothing: " Did you mean train or test?"</summary>
    public static string DidYouMean(string text, IEnumerable<string> names, int count = 3)
    {
        IReadOnlyList<string> near = Of(text, names, count);
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>
    /// Damerau and Levenshtein's distance with neighbours exchanged (optimal string alignment); limit + 1 where it is larger.
    /// </summary>
    public static int Distance(string left, string right, int limit = int.MaxValue - 1)
    {
        int[] before = new int[right.Length + 1], previous = new int[right.Length + 1], current = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++) previous[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            int smallest = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = left[i - 1] == right[j - 1] ? 0 : 1;
                int value = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    value = Math.Min(value, before[j - 2] + 1);
                current[j] = value;
                smallest = Math.Min(smallest, value);
            }
            if (smallest > limit) return limit + 1;
            (before, previous, current) = (previous, current, before);
        }
        return previous[right.Length];
    }

    static string Plain(string name) => name.TrimStart('-').ToLowerInvariant();
}
