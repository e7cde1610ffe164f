namespace Graft.Training;

/// <summary>A search space as coordinates, and the trials in it.</summary>
sealed class SpaceEncoding
{
    readonly SearchSpace space;

    public SpaceEncoding(SearchSpace space)
    {
        this.space = space;
        Dimensions = [.. space.Searched.Select(parameter => new Dimension(parameter))];
        double size = 1;
        foreach (Dimension one in Dimensions) size *= one.Levels ?? double.PositiveInfinity;
        Size = size;
    }

    public Dimension[] Dimensions { get; }

    /// <summary>How many different points there are, about; infinity with any parameter that takes all numbers.</summary>
    public double Size { get; }

    /// <summary>The values at a point, with the constants.</summary>
    public IReadOnlyDictionary<string, SweepValue> Decode(double[] point)
    {
        Dictionary<string, SweepValue> values = [];
        for (int d = 0; d < Dimensions.Length; d++) values[Dimensions[d].Name] = Dimensions[d].Value(point[d]);
        return space.Values(values);
    }

    /// <summary>The point of a trial; null where it has no place in this space.</summary>
    public double[]? Encode(SweepTrial trial)
    {
        double[] point = new double[Dimensions.Length];
        for (int d = 0; d < point.Length; d++)
        {
            point[d] = trial.Values.TryGetValue(Dimensions[d].Name, out SweepValue value)
                ? Dimensions[d].Coordinate(value) : double.NaN;
            if (double.IsNaN(point[d])) return null;
        }
        return point;
    }

    public void Snap(double[] point)
    {
        for (int d = 0; d < point.Length; d++) point[d] = Dimensions[d].Snap(point[d]);
    }

    /// <summary>
    /// What is known, by trial number: the points of trials with results and their costs (small is good), and those of running
    /// ones. A failed trial costs as much as the worst result, and so does one whose result is no number; before any result they
    /// say nothing.
    /// </summary>
    public Observations Observe(IReadOnlyCollection<SweepTrial> trials, SweepGoal goal)
    {
        List<double[]> points = [], running = [];
        List<double> costs = [];
        foreach (SweepTrial trial in trials.OrderBy(one => one.Number))
        {
            if (Encode(trial) is not { } point) continue;
            if (trial.State == SweepTrialState.Running)
            {
                running.Add(point);
                continue;
            }
            double cost = trial.Result is { } result && trial.State != SweepTrialState.Failed ? result : double.NaN;
            if (goal == SweepGoal.Maximize) cost = -cost;
            points.Add(point);
            costs.Add(double.IsInfinity(cost) ? double.NaN : cost);
        }
        double worst = costs.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        if (double.IsNaN(worst)) return new([], [], running, points);
        return new([.. points], [.. costs.Select(cost => double.IsNaN(cost) ? worst : cost)], running, []);
    }
}
