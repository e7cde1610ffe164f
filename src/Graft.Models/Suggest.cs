namespace Graft.Models;

/// <summary>"Did you mean": the nearest of many names.</summary>
static class Suggest
{
    /// <summary>The names nearest to a text, nearest first, none that differs in more than about a third.</summary>
    public static IReadOnlyList<string> Nearest(string text, IEnumerable<string> names, int count = 3)
    {
        List<(int Distance, string Name)> near = [];
        foreach (string name in names)
        {
            int limit = Math.Max(2, Math.Max(text.Length, name.Length) / 3);
            if (Math.Abs(text.Length - name.Length) > limit) continue;
            int distance = Distance(text, name, limit);
            if (distance <= limit) near.Add((distance, name));
        }
        near.Sort((left, right) =>
            left.Distance != right.Distance ? left.Distance - right.Distance : string.CompareOrdinal(left.Name, right.Name));
        return near.Select(item => item.Name).Distinct().Take(count).ToArray();
    }

    /// <summary>
    /// Damerau and Levenshtein's distance with neighbours exchanged (optimal string alignment); limit + 1 where it is larger.
    /// </summary>
    static int Distance(string left, string right, int limit)
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
}
