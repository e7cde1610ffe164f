namespace Graft.Training;

/// <summary>
/// Asynchronous successive halving (Li et al. 2018, arXiv:1810.05934) in the form that stops instead of pausing: rungs lie at
/// min_iter * eta^k logged values, up to max_iter. A running trial goes on when at the last rung that it reached its value is
/// among the best 1 / eta (at least one) of all that reached that rung.
/// </summary>
public sealed record Asha : EarlyTermination
{
    /// <summary>The first rung: every trial logs so many values.</summary>
    /// <value>1</value>
    public int MinIterations { get; init; } = 1;

    /// <summary>No rung here or beyond; null for no end.</summary>
    /// <value>null</value>
    public int? MaxIterations { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings make no rungs, in one line.</exception>
    public override IReadOnlyList<int> Bands(int longest)
    {
        CheckEta();
        if (MinIterations < 1) throw new ArgumentException($"asha: expected min_iter of at least 1, found {MinIterations}");
        if (MaxIterations <= MinIterations)
            throw new ArgumentException($"asha: expected max_iter above min_iter {MinIterations}, found {MaxIterations}");
        List<int> rungs = [];
        for (double rung = MinIterations; rung <= longest && !(rung >= MaxIterations); rung *= Eta)
            if (rungs.Count == 0 || (int)rung > rungs[^1]) rungs.Add((int)rung);
        return rungs;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Stop(IReadOnlyCollection<SweepTrial> trials, SweepGoal goal)
    {
        ArgumentNullException.ThrowIfNull(trials);
        List<(SweepTrial Trial, double[] Costs)> histories = [.. trials.Select(trial => (trial, Costs(trial, goal)))];
        IReadOnlyList<int> rungs = Bands(histories.Count == 0 ? 0 : histories.Max(one => one.Costs.Length));
        List<int> stop = [];
        foreach ((SweepTrial trial, double[] costs) in histories)
        {
            int rung = rungs.LastOrDefault(rung => rung <= costs.Length);
            if (trial.State != SweepTrialState.Running || rung == 0) continue;
            double its = costs[rung - 1];
            double[] all = [.. histories.Where(one => one.Costs.Length >= rung).Select(one => one.Costs[rung - 1])];
            int go = Math.Max(1, (int)(all.Length / Eta)), better = all.Count(one => one < its);
            if (better >= go) stop.Add(trial.Number);
        }
        return [.. stop.Order()];
    }
}
