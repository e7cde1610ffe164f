using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Finds the point of greatest expected improvement: all points of a small space; otherwise random ones and neighbours of the
/// best results, of which the best are refined along the gradient in what takes any number and step by step in what does not.
/// </summary>
sealed class AcquisitionSearch(
    SpaceEncoding encoding, IReadOnlyList<(GaussianProcess Process, double Best)> processes, Feasibility feasibility)
{
    const int SmallSpace = 3000, Refined = 6, NeighboursOf = 5, Neighbours = 60, Rounds = 3, FewLevels = 12, MostMoves = 32;

    readonly Dimension[] dimensions = encoding.Dimensions;

    /// <summary>The best point that is not visited; null where every point is.</summary>
    public double[]? Find(Observations known, HashSet<double[]> visited, int candidates, ref SampleRandom random)
    {
        List<(double Score, double[] Point)> scored = [];
        bool small = encoding.Size <= SmallSpace && dimensions.All(one => one.Coordinates is not null);
        foreach (double[] point in small ? Everything() : Draws(known, candidates, ref random))
            if (!visited.Contains(point)) scored.Add((Score(point), point));
        scored.Sort((one, other) => other.Score.CompareTo(one.Score));
        if (small || scored.Count == 0) return scored.Count > 0 ? scored[0].Point : null;
        (double chosenScore, double[] chosen) = scored[0];
        foreach ((_, double[] start) in scored.Take(Refined))
        {
            double[] point = Refine(start, ref random);
            double score = Score(point);
            if (!(score > chosenScore) || visited.Contains(point)) continue;
            (chosenScore, chosen) = (score, point);
        }
        return chosen;
    }

    /// <summary>The logarithm of the mean of what the processes expect, times how probable a result is at all.</summary>
    double Score(double[] point)
    {
        Span<double> logs = stackalloc double[processes.Count];
        for (int k = 0; k < logs.Length; k++)
        {
            (double mean, double deviation) = processes[k].Process.Predict(point);
            logs[k] = ExpectedImprovement.Log(mean, deviation, processes[k].Best);
        }
        return LogMean(logs) + feasibility.Log(point, []);
    }

    /// <summary>As <see cref="Score(double[])"/>, with the gradient.</summary>
    double Score(double[] point, Span<double> gradient)
    {
        int count = processes.Count, dimensions = point.Length;
        Span<double> logs = stackalloc double[count];
        Span<double> meanBy = stackalloc double[dimensions], deviationBy = stackalloc double[dimensions];
        double[] each = new double[count * dimensions];
        for (int k = 0; k < count; k++)
        {
            (double mean, double deviation) = processes[k].Process.Predict(point, meanBy, deviationBy);
            logs[k] = ExpectedImprovement.Log(mean, deviation, processes[k].Best, out double byMean, out double byDeviation);
            for (int d = 0; d < dimensions; d++) each[k * dimensions + d] = byMean * meanBy[d] + byDeviation * deviationBy[d];
        }
        double together = LogMean(logs);
        gradient.Clear();
        for (int k = 0; k < count; k++)
        {
            double share = Math.Exp(logs[k] - together) / count;
            for (int d = 0; d < dimensions; d++) gradient[d] += share * each[k * dimensions + d];
        }
        return together + feasibility.Log(point, gradient);
    }

    static double LogMean(ReadOnlySpan<double> logs)
    {
        double highest = double.NegativeInfinity, sum = 0;
        foreach (double log in logs) highest = Math.Max(highest, log);
        foreach (double log in logs) sum += Math.Exp(log - highest);
        return highest + Math.Log(sum / logs.Length);
    }

    List<double[]> Draws(Observations known, int candidates, ref SampleRandom random)
    {
        List<double[]> draws = [];
        for (int i = 0; i < candidates; i++)
        {
            double[] point = new double[dimensions.Length];
            for (int d = 0; d < point.Length; d++) point[d] = dimensions[d].Draw(random.NextDouble());
            draws.Add(point);
        }
        int[] order = [.. Enumerable.Range(0, known.Costs.Length).OrderBy(i => known.Costs[i]).Take(NeighboursOf)];
        foreach (int one in order)
            for (int i = 0; i < Neighbours; i++)
            {
                double[] point = [.. known.Points[one]];
                double reach = Math.Pow(10, -0.5 - 2 * random.NextDouble());
                for (int d = 0; d < point.Length; d++)
                {
                    if (random.NextDouble() < 0.3) continue;
                    if (dimensions[d].IsCategory)
                    {
                        if (random.NextDouble() < 0.3) point[d] = dimensions[d].Draw(random.NextDouble());
                        continue;
                    }
                    double step = Math.Max(reach, 1.0 / (dimensions[d].Levels ?? 1 << 20)) * (2 * random.NextDouble() - 1) * 1.5;
                    point[d] = dimensions[d].Snap(Math.Clamp(point[d] + step, 0, 1));
                }
                draws.Add(point);
            }
        return draws;
    }

    IEnumerable<double[]> Everything()
    {
        IReadOnlyList<double>[] axes = [.. dimensions.Select(one => one.Coordinates!)];
        int[] at = new int[axes.Length];
        while (true)
        {
            yield return [.. at.Select((place, d) => axes[d][place])];
            int last = at.Length - 1;
            while (last >= 0 && ++at[last] == axes[last].Count) at[last--] = 0;
            if (last < 0) yield break;
        }
    }

    double[] Refine(double[] start, ref SampleRandom random)
    {
        double[] point = [.. start];
        double score = Score(point);
        for (int round = 0; round < Rounds; round++)
        {
            double before = score;
            double[] climbed = Climb(point);
            double higher = Score(climbed);
            if (higher > score) (point, score) = (climbed, higher);
            for (int d = 0; d < dimensions.Length; d++)
                foreach (double move in Moves(d, point[d], ref random))
                {
                    double[] moved = [.. point];
                    moved[d] = move;
                    double its = Score(moved);
                    if (its > score) (point, score) = (moved, its);
                }
            if (!(score > before + 1e-6) || dimensions.All(one => one.Levels is null)) break;
        }
        return point;
    }

    /// <summary>Along the gradient in what is a number; what has few levels stays.</summary>
    double[] Climb(double[] start)
    {
        double[] point = [.. start], low = new double[point.Length], high = new double[point.Length];
        bool any = false;
        for (int d = 0; d < point.Length; d++)
        {
            bool free = !dimensions[d].IsCategory && !(dimensions[d].Levels <= FewLevels);
            any |= free;
            (low[d], high[d]) = free ? (0, 1) : (point[d], point[d]);
        }
        if (!any) return point;
        double[] at = new double[point.Length];
        BoundedMinimiser.Minimise((x, gradient) =>
        {
            x.CopyTo(at);
            double score = Score(at, gradient);
            for (int d = 0; d < gradient.Length; d++) gradient[d] = low[d] < high[d] ? -gradient[d] : 0;
            return -score;
        }, point, low, high, steps: 40, tolerance: 1e-4);
        encoding.Snap(point);
        return point;
    }

    /// <summary>Other values of a parameter that takes few: all of a category, or some; of steps the near ones.</summary>
    List<double> Moves(int d, double from, ref SampleRandom random)
    {
        Dimension dimension = dimensions[d];
        List<double> moves = [];
        if (dimension.Levels is not { } levels) return moves;
        if (levels <= MostMoves && dimension.Coordinates is { } all) return [.. all.Where(one => one != from)];
        for (int i = 0; dimension.IsCategory && i < MostMoves; i++) moves.Add(random.Next(levels));
        for (int step = 1; !dimension.IsCategory && step < levels; step *= 2)
        {
            moves.Add(dimension.Snap(Math.Clamp(from + (double)step / levels, 0, 1)));
            moves.Add(dimension.Snap(Math.Clamp(from - (double)step / levels, 0, 1)));
        }
        return moves;
    }
}
