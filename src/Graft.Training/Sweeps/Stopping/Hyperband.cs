namespace Graft.Training;

/// <summary>
/// Bands of hyperband (Li et al. 2017, arXiv:1603.06560) as W&amp;B's sweeps compute them. With <see cref="MinIterations"/> the
/// bands lie at min_iter * eta^k, k = 0, 1, ..., with <see cref="MaxIterations"/> at max_iter / eta^k, k = 1 .. s, down to 1.
/// At a band stand the values of all trials that logged more than so many; those after the best 1 / eta of them are over the
/// threshold. A running trial is compared at the last band that it reached.
/// </summary>
public sealed record Hyperband : EarlyTermination
{
    const int MostBands = 100;

    /// <summary>The first band; null where <see cref="MaxIterations"/> is given.</summary>
    /// <value>null</value>
    public int? MinIterations { get; init; }

    /// <summary>What the bands divide; null where <see cref="MinIterations"/> is given.</summary>
    /// <value>null</value>
    public int? MaxIterations { get; init; }

    /// <summary>How many bands at most, with <see cref="MaxIterations"/>.</summary>
    /// <value>0</value>
    public int Brackets { get; init; }

    /// <summary>Compare the value at the band, as the paper does, instead of the trial's best so far; ends more trials.</summary>
    /// <value>false</value>
    public bool Strict { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The settings make no bands, in one line.</exception>
    public override IReadOnlyList<int> Bands(int longest)
    {
        CheckEta();
        List<int> bands = [];
        if (MaxIterations is { } most)
        {
            double band = most;
            for (int i = 0; i < Brackets && (band /= Eta) >= 1; i++) bands.Add((int)band);
            bands.Reverse();
            if (bands.Count == 0)
                throw new ArgumentException(
                    $"hyperband: max_iter {most}, s {Brackets} and eta {Eta:R} make no band; raise max_iter or s");
        }
        else
        {
            if (MinIterations is not { } first || first < 1)
                throw new ArgumentException("hyperband: expected min_iter of at least 1, or max_iter and s");
            double band = first;
            for (int i = 0; i < MostBands && band <= longest; i++, band *= Eta) bands.Add((int)band);
        }
        return [.. bands.Where(band => band <= longest)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Stop(IReadOnlyCollection<SweepTrial> trials, SweepGoal goal)
    {
        ArgumentNullException.ThrowIfNull(trials);
        List<(SweepTrial Trial, double[] Costs)> histories = [.. trials.Select(trial => (trial, Costs(trial, goal)))];
        IReadOnlyList<int> bands = Bands(histories.Count == 0 ? 0 : histories.Max(one => one.Costs.Length));
        Dictionary<int, double> thresholds = [];
        foreach (int band in bands)
        {
            double[] values = [.. histories.Where(one => one.Costs.Length > band).Select(one => one.Costs[band]).Order()];
            if (values.Length > 0) thresholds[band] = values[(int)(1 / Eta * values.Length)];
        }
        List<int> stop = [];
        foreach ((SweepTrial trial, double[] costs) in histories)
        {
            if (trial.State != SweepTrialState.Running) continue;
            int band = bands.LastOrDefault(band => band < costs.Length, -1);
            if (band >= 0 && (Strict ? costs[band] : costs.Min()) > thresholds[band]) stop.Add(trial.Number);
        }
        return [.. stop.Order()];
    }
}
