namespace Graft.Training;

/// <summary>What a sampler knows.</summary>
/// <param name="Points">[N, D] where results are</param>
/// <param name="Costs">[N] what they cost: small is good</param>
/// <param name="Running">[R, D] where results will be</param>
/// <param name="Failed">[F, D] where trials came to no result</param>
sealed record Observations(double[][] Points, double[] Costs, IReadOnlyList<double[]> Running, IReadOnlyList<double[]> Failed)
{
    /// <summary>All points that have been given out, each once.</summary>
    public HashSet<double[]> Visited()
    {
        HashSet<double[]> all = new(Points, SamePoint.Instance);
        all.UnionWith(Running);
        all.UnionWith(Failed);
        return all;
    }

    /// <summary>Two points are the same where they differ by no more than rounding does.</summary>
    internal sealed class SamePoint : IEqualityComparer<double[]>
    {
        public static readonly SamePoint Instance = new();

        public bool Equals(double[]? x, double[]? y)
        {
            for (int d = 0; d < x!.Length; d++)
                if (Rounded(x[d]) != Rounded(y![d])) return false;
            return true;
        }

        public int GetHashCode(double[] point)
        {
            HashCode hash = default;
            foreach (double one in point) hash.Add(Rounded(one));
            return hash.ToHashCode();
        }

        static double Rounded(double value) => Math.Round(value, 9);
    }
}
