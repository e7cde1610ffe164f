namespace Graft.Training;

/// <summary>
/// How different the names of a category's values are, for values such as models, whose names say what they have in common. A
/// name is the set of its parts (runs of letters, runs of digits) and of its beginnings up to the end of each part, so that
/// <c>resnet50</c> is nearer to <c>resnet50d</c> than to <c>resnet18</c>, and nearer to that than to <c>vit_tiny</c>. The
/// squared distance of two names is 1 - Jaccard's similarity of their sets, which is a Euclidean one (Gower and Legendre 1986),
/// so the kernel stays positive definite.
/// </summary>
static class NameDistance
{
    const int Fewest = 4; // of fewer values the names say nothing that the values themselves don't

    /// <summary>[K, K] squared distances, or null where no two names share a part, or all are equally alike.</summary>
    public static double[,]? Of(IReadOnlyList<string> names)
    {
        if (names.Count < Fewest) return null;
        HashSet<string>[] parts = [.. names.Select(Parts)];
        double[,] distances = new double[names.Count, names.Count];
        double least = 1, most = 0;
        for (int i = 0; i < names.Count; i++)
            for (int j = 0; j < i; j++)
            {
                int shared = parts[i].Count(parts[j].Contains), all = parts[i].Count + parts[j].Count - shared;
                double distance = all == 0 ? 0 : 1 - (double)shared / all;
                distances[i, j] = distances[j, i] = distance;
                least = Math.Min(least, distance);
                most = Math.Max(most, distance);
            }
        return most - least > 1e-9 ? distances : null;
    }

    static HashSet<string> Parts(string name)
    {
        HashSet<string> parts = [];
        string lower = name.ToLowerInvariant();
        for (int from = 0; from < lower.Length;)
        {
            int kind = Kind(lower[from]), to = from + 1;
            while (to < lower.Length && Kind(lower[to]) == kind) to++;
            if (kind != 0)
            {
                parts.Add(lower[from..to]);
                parts.Add("^" + lower[..to]);
            }
            from = to;
        }
        return parts;
    }

    static int Kind(char letter) => char.IsLetter(letter) ? 1 : char.IsDigit(letter) ? 2 : 0;
}
