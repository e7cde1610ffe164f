using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Tree-structured Parzen estimator (Bergstra et al. 2011) over all parameters at once (Falkner et al. 2018, arXiv:1807.01774):
/// kernels around the best results and around the others, and of some draws from the first the one that is most probable in the
/// first against the second. Its constants are those of Optuna's multivariate sampler.
/// </summary>
public sealed class TpeSampler : ISweepSampler
{
    readonly SearchSpace space;
    readonly SpaceEncoding encoding;
    readonly SweepGoal goal;
    readonly ulong seed;
    readonly TpeSettings settings;

    /// <summary>A sampler.</summary>
    /// <param name="space">what is searched</param>
    /// <param name="goal">which results are good</param>
    /// <param name="seed">another seed gives other trials</param>
    /// <param name="settings">null for the usual ones</param>
    public TpeSampler(SearchSpace space, SweepGoal goal, ulong seed, TpeSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        this.space = space;
        this.goal = goal;
        this.seed = seed;
        this.settings = settings ?? new();
        encoding = new(space);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SweepValue>? Suggest(int number, IReadOnlyCollection<SweepTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        if (encoding.Dimensions.Length == 0) return space.Values(new Dictionary<string, SweepValue>());
        Observations known = encoding.Observe(trials, goal);
        int count = known.Points.Length;
        if (count < settings.StartTrials) return new RandomSampler(space, seed).Suggest(number, trials);
        SampleRandom random = new(seed, 4, (ulong)number);
        int good = Math.Min((int)Math.Ceiling(settings.Gamma * count), settings.MostGood);
        HashSet<int> below = [.. Enumerable.Range(0, count).OrderBy(i => known.Costs[i]).Take(good)];
        // running trials stand among the bad ones, so that others stay away from them, and so do failed ones
        ParzenEstimator best = new(encoding.Dimensions, [.. Points(below.Contains)], settings.PriorWeight);
        ParzenEstimator rest = new(
            encoding.Dimensions, [.. Points(i => !below.Contains(i)), .. known.Running, .. known.Failed], settings.PriorWeight);
        double[]? chosen = null;
        double highest = double.NegativeInfinity;
        HashSet<double[]> visited = double.IsFinite(encoding.Size) ? known.Visited() : [];
        for (int i = 0; i < settings.Candidates; i++)
        {
            double[] point = best.Draw(ref random);
            double score = best.LogDensity(point) - rest.LogDensity(point);
            if (visited.Contains(point)) score -= 1e6; // of a space that is not used up, take what is new
            if (!(score > highest)) continue;
            highest = score;
            chosen = point;
        }
        return encoding.Decode(chosen!);

        IEnumerable<double[]> Points(Func<int, bool> which) =>
            Enumerable.Range(0, count).Where(which).Select(i => known.Points[i]);
    }
}
