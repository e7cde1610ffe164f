using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// A small random forest (Breiman 2001) over the coordinates of a search space, for its analysis of variance: of each tree the
/// variance over the whole space, and how much of it the mean over everything but one parameter has, are exact sums over leaves
/// (Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing hyperparameter importance").
/// </summary>
sealed class RandomForest
{
    const int Trees = 64, MostDepth = 64, LeastSplit = 2;

    readonly Dimension[] dimensions;
    readonly double[][] points;
    readonly double[] values;
    readonly List<List<Leaf>> trees = [];

    /// <summary>A box, or of categories a set of values, that all have one mean.</summary>
    sealed record Leaf(double Value, double[] Low, double[] High, bool[]?[] Allowed);

    public RandomForest(Dimension[] dimensions, double[][] points, double[] values, ulong seed)
    {
        this.dimensions = dimensions;
        this.points = points;
        this.values = values;
        for (int tree = 0; tree < Trees; tree++)
        {
            SampleRandom random = new(seed, 5, (ulong)tree);
            int[] rows = new int[points.Length];
            for (int i = 0; i < rows.Length; i++) rows[i] = random.Next(rows.Length);
            List<Leaf> leaves = [];
            bool[]?[] allowed = [.. dimensions.Select(one => one.IsCategory ? All(one.Levels!.Value) : null)];
            Grow(rows, [.. dimensions.Select(_ => 0.0)], [.. dimensions.Select(_ => 1.0)], allowed, 0, leaves, ref random);
            trees.Add(leaves);
        }
    }

    /// <summary>
    /// [D] each parameter's share of the variance, the mean over trees that vary at all; zeros where none does.
    /// </summary>
    public double[] MainEffects()
    {
        double[] shares = new double[dimensions.Length];
        int varied = 0;
        foreach (List<Leaf> leaves in trees)
        {
            double[] volumes = [.. leaves.Select(leaf => Volume(leaf, -1))];
            double mean = 0, variance = 0;
            for (int i = 0; i < volumes.Length; i++) mean += volumes[i] * leaves[i].Value;
            for (int i = 0; i < volumes.Length; i++) variance += volumes[i] * Math.Pow(leaves[i].Value - mean, 2);
            if (variance <= 1e-18 * (1 + mean * mean)) continue;
            varied++;
            for (int d = 0; d < shares.Length; d++) shares[d] += Effect(leaves, d, mean) / variance;
        }
        for (int d = 0; d < shares.Length && varied > 0; d++) shares[d] = Math.Clamp(shares[d] / varied, 0, 1);
        return shares;
    }

    /// <summary>The variance of the mean over all other parameters.</summary>
    double Effect(List<Leaf> leaves, int d, double mean)
    {
        double[] others = [.. leaves.Select(leaf => Volume(leaf, d))];
        double effect = 0;
        if (dimensions[d].IsCategory)
        {
            double[] probabilities = dimensions[d].Probabilities;
            for (int value = 0; value < probabilities.Length; value++)
            {
                double marginal = 0;
                for (int i = 0; i < others.Length; i++)
                    if (leaves[i].Allowed[d]![value]) marginal += others[i] * leaves[i].Value;
                effect += probabilities[value] * Math.Pow(marginal - mean, 2);
            }
            return effect;
        }
        double[] edges = [.. leaves.SelectMany(leaf => (double[])[leaf.Low[d], leaf.High[d]]).Distinct().Order()];
        for (int e = 1; e < edges.Length; e++)
        {
            double middle = (edges[e - 1] + edges[e]) / 2, marginal = 0;
            for (int i = 0; i < others.Length; i++)
                if (leaves[i].Low[d] <= middle && middle < leaves[i].High[d]) marginal += others[i] * leaves[i].Value;
            effect += (edges[e] - edges[e - 1]) * Math.Pow(marginal - mean, 2);
        }
        return effect;
    }

    /// <summary>The share of the space that a leaf holds, leaving one parameter out.</summary>
    double Volume(Leaf leaf, int without)
    {
        double volume = 1;
        for (int d = 0; d < dimensions.Length; d++)
        {
            if (d == without) continue;
            if (leaf.Allowed[d] is not { } allowed)
            {
                volume *= leaf.High[d] - leaf.Low[d];
                continue;
            }
            double[] probabilities = dimensions[d].Probabilities;
            double share = 0;
            for (int value = 0; value < allowed.Length; value++)
                if (allowed[value]) share += probabilities[value];
            volume *= share;
        }
        return volume;
    }

    void Grow(int[] rows, double[] low, double[] high, bool[]?[] allowed, int depth, List<Leaf> leaves, ref SampleRandom random)
    {
        double mean = rows.Average(row => values[row]);
        if (depth >= MostDepth || rows.Length < LeastSplit || Best(rows, allowed, ref random) is not { } split)
        {
            leaves.Add(new(mean, low, high, allowed));
            return;
        }
        int d = split.Dimension;
        int[] left = [.. rows.Where(split.Left)], right = [.. rows.Where(row => !split.Left(row))];
        if (split.Values is { } chosen)
        {
            bool[]?[] with = [.. allowed], without = [.. allowed];
            with[d] = [.. allowed[d]!.Select((may, value) => may && chosen[value])];
            without[d] = [.. allowed[d]!.Select((may, value) => may && !chosen[value])];
            Grow(left, low, high, with, depth + 1, leaves, ref random);
            Grow(right, low, high, without, depth + 1, leaves, ref random);
            return;
        }
        double[] lower = [.. low], upper = [.. high];
        lower[d] = upper[d] = split.At;
        Grow(left, low, upper, allowed, depth + 1, leaves, ref random);
        Grow(right, lower, high, allowed, depth + 1, leaves, ref random);
    }

    sealed record Split(int Dimension, double At, bool[]? Values, Func<int, bool> Left);

    /// <summary>
    /// The split that leaves the least squares, among some of the parameters; null where nothing is left to split.
    /// </summary>
    Split? Best(int[] rows, bool[]?[] allowed, ref SampleRandom random)
    {
        Split? chosen = null;
        double gained = 1e-12;
        int considered = Math.Max(1, (dimensions.Length * 5 + 5) / 6); // five in six, as regression forests usually take
        int[] order = [.. Enumerable.Range(0, dimensions.Length)];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        foreach (int d in order.Take(considered))
        {
            // a category's values in the order of their means: the best division is one along it (Breiman et al. 1984)
            Dictionary<double, double> means = rows.GroupBy(row => points[row][d])
                .ToDictionary(group => group.Key,
                    group => dimensions[d].IsCategory ? group.Average(row => values[row]) : group.Key);
            int[] sorted = [.. rows.OrderBy(row => means[points[row][d]]).ThenBy(row => points[row][d])];
            double total = sorted.Sum(row => values[row]), sum = 0;
            for (int i = 1; i < sorted.Length; i++)
            {
                sum += values[sorted[i - 1]];
                double before = points[sorted[i - 1]][d], after = points[sorted[i]][d];
                if (before == after) continue;
                int rest = sorted.Length - i;
                double gain = sum * sum / i + (total - sum) * (total - sum) / rest - total * total / sorted.Length;
                if (gain <= gained * (1 + 1e-9)) continue;
                gained = gain;
                chosen = dimensions[d].IsCategory ? Category(d, sorted[..i], allowed) : Number(d, (before + after) / 2);
            }
        }
        return chosen;
    }

    Split Number(int d, double at) => new(d, at, null, row => points[row][d] < at);

    Split Category(int d, int[] left, bool[]?[] allowed)
    {
        bool[] chosen = new bool[allowed[d]!.Length];
        foreach (int row in left) chosen[(int)points[row][d]] = true;
        return new(d, double.NaN, chosen, row => chosen[(int)points[row][d]]);
    }

    static bool[] All(int count) => [.. Enumerable.Repeat(true, count)];
}
