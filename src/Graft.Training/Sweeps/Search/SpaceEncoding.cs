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
    /// What is known, by trial number: the points of trials with results and their costs (small is good), those of running
    /// trials, and those of trials that failed or whose result is no number.
    /// </summary>
    public Observations Observe(IReadOnlyCollection<SweepTrial> trials, SweepGoal goal)
    {
        List<double[]> points = [], running = [], failed = [];
        List<double> costs = [];
        foreach (SweepTrial trial in trials.OrderBy(one => one.Number))
        {
            if (Encode(trial) is not { } point) continue;
            if (trial.State == SweepTrialState.Running)
            {
                running.Add(point);
            }
            else if (trial.State != SweepTrialState.Failed && trial.Result is { } result && double.IsFinite(result))
            {
                points.Add(point);
                costs.Add(goal == SweepGoal.Minimize ? result : -result);
            }
            else
            {
                failed.Add(point);
            }
        }
        return new([.. points], [.. costs], running, failed);
    }
}
