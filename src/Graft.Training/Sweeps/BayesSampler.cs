using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Bayesian optimisation: a Gaussian process over the parameters, each scaled by its own distribution, and the greatest expected
/// improvement (Jones et al. 1998; its logarithm, Ament et al. 2023). Running trials count with what the process expects of them
/// (Kriging believer, Ginsbourger et al. 2010), so agents side by side try different things. So do failed ones, and improvement
/// counts by how probable a result is at all there.
/// </summary>
public sealed class BayesSampler : ISweepSampler
{
    const int Fewest = 2; // results before there is a process
    const int MostToDraw = 100; // results, with which the parameters are known well enough

    readonly SearchSpace space;
    readonly SpaceEncoding encoding;
    readonly KernelFeature[] features;
    readonly SweepGoal goal;
    readonly ulong seed;
    readonly BayesSettings settings;
    readonly int starts;

    /// <summary>A sampler.</summary>
    /// <param name="space">what is searched</param>
    /// <param name="goal">which results are good</param>
    /// <param name="seed">another seed gives other trials</param>
    /// <param name="settings">null for the usual ones</param>
    public BayesSampler(SearchSpace space, SweepGoal goal, ulong seed, BayesSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        this.space = space;
        this.goal = goal;
        this.seed = seed;
        this.settings = settings ?? new();
        encoding = new(space);
        features = KernelFeature.Of(encoding.Dimensions);
        starts = Math.Max(Fewest, this.settings.StartTrials);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SweepValue>? Suggest(int number, IReadOnlyCollection<SweepTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        SampleRandom random = new(seed, 1, (ulong)number);
        if (encoding.Dimensions.Length == 0) return space.Values(new Dictionary<string, SweepValue>());
        if (number < starts) return encoding.Decode(LatinHypercube.Point(encoding.Dimensions, seed, number, starts));
        Observations all = encoding.Observe(trials, goal), known = Kept(all);
        if (known.Points.Length < Fewest) return new RandomSampler(space, seed).Suggest(number, trials);
        Feasibility feasibility = new(encoding.Dimensions, known.Points, all.Failed);
        AcquisitionSearch search = new(encoding, Processes(known, ref random), feasibility);
        return search.Find(known, all.Visited(), settings.Candidates, ref random) is { } point ? encoding.Decode(point)
            : new RandomSampler(space, seed).Suggest(number, trials); // all has been tried: once more
    }

    /// <summary>Processes of what is known, and the cost to improve on in the scale of each.</summary>
    List<(GaussianProcess Process, double Best)> Processes(Observations known, ref SampleRandom random)
    {
        ProcessFit fit = new(features, settings.Kernel);
        List<CostScale> scales = CostScale.Of(known.Costs);
        (double[] likeliest, double[] values) = fit.Fit(known.Points, scales, ref random);
        List<double[]> draws = settings.Draws > 1 && known.Points.Length <= MostToDraw
            ? fit.Sample(likeliest, settings.Draws, known.Points, values, ref random) : [likeliest];
        List<(GaussianProcess, double)> processes = [];
        foreach (double[] logs in draws)
        {
            GaussianProcess process = Conditioned(known.Points, values, logs);
            double best = known.Points.Min(point => process.Predict(point).Mean);
            List<double[]> without = [.. known.Running, .. known.Failed];
            if (without.Count > 0)
            {
                double[] believed = [.. without.Select(point => process.Predict(point).Mean)];
                process = Conditioned([.. known.Points, .. without], [.. values, .. believed], logs);
            }
            processes.Add((process, best));
        }
        return processes;
    }

    /// <summary>With more noise where rounding makes the matrix of near points singular.</summary>
    GaussianProcess Conditioned(double[][] points, double[] values, double[] logs)
    {
        while (true)
        {
            try
            {
                return new(features, settings.Kernel, points, values, logs);
            }
            catch (ArgumentException) when (logs[^1] < 0)
            {
                logs = [.. logs];
                logs[^1] += Math.Log(10);
            }
        }
    }

    Observations Kept(Observations known)
    {
        int count = known.Costs.Length;
        if (count <= settings.MostResults) return known;
        int[] best = [.. Enumerable.Range(0, count).OrderBy(i => known.Costs[i]).Take(settings.MostResults / 2)];
        HashSet<int> kept = [.. best];
        for (int i = count - 1; kept.Count < settings.MostResults; i--) kept.Add(i);
        int[] order = [.. kept.Order()];
        return known with { Points = [.. order.Select(i => known.Points[i])], Costs = [.. order.Select(i => known.Costs[i])] };
    }
}
