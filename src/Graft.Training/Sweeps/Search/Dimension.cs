namespace Graft.Training;

/// <summary>
/// A searched parameter as a coordinate. Numbers lie in [0, 1] at their share of their own distribution, so that log-uniform ones
/// are spread evenly; those that take few values lie exactly at them. Choices of numbers are numbers at their rank; other choices
/// have their index as coordinate.
/// </summary>
sealed class Dimension
{
    const int MostCounted = 4096;

    readonly SweepChoice? choice;
    readonly SweepRange? range;
    readonly int[] order = []; // of numbers to choose from, by rank: the index of the value

    public Dimension(SweepParameter parameter)
    {
        Name = parameter.Name;
        choice = parameter as SweepChoice;
        range = parameter as SweepRange;
        if (choice is not null)
        {
            Levels = choice.Values.Count;
            if (Levels > 1 && choice.Values.All(value => value.Number is not null))
                order = [.. Enumerable.Range(0, Levels.Value).OrderBy(i => choice.Values[i].Number!.Value)];
            IsCategory = order.Length == 0;
            Coordinates = [.. Enumerable.Range(0, Levels.Value).Select(i => IsCategory ? i : (i + 0.5) / Levels.Value)];
        }
        else
        {
            Levels = range!.Levels;
            if (range.Distribution == SweepDistribution.IntUniform && Levels <= MostCounted)
                Coordinates = [.. Enumerable.Range(0, Levels.Value).Select(i => (i + 0.5) / Levels.Value)];
        }
    }

    public string Name { get; }

    /// <summary>Values have no order: the coordinate is the value's index.</summary>
    public bool IsCategory { get; }

    /// <summary>How many values it takes, of rounded distributions about; null for any number.</summary>
    public int? Levels { get; }

    /// <summary>The coordinate of every value, where they can be counted: of choices and of not too many whole numbers.</summary>
    public IReadOnlyList<double>? Coordinates { get; }

    /// <summary>The texts of a category's values.</summary>
    public IReadOnlyList<string> Labels => [.. choice!.Values.Select(value => value.ToString())];

    /// <summary>How probable a category's values are.</summary>
    public double[] Probabilities =>
        [.. choice!.Probabilities ?? Enumerable.Repeat(1.0 / choice.Values.Count, choice.Values.Count)];

    /// <summary>The coordinate of a value; NaN of one that the parameter can't take.</summary>
    public double Coordinate(SweepValue value)
    {
        if (range is not null) return value.Number is { } number ? range.Share(number) : double.NaN;
        int index = -1;
        for (int i = 0; i < choice!.Values.Count && index < 0; i++)
            if (choice.Values[i] == value) index = i;
        if (index < 0) return double.NaN;
        return IsCategory ? index : (Array.IndexOf(order, index) + 0.5) / order.Length;
    }

    /// <summary>The value at a coordinate.</summary>
    public SweepValue Value(double coordinate)
    {
        if (range is not null) return range.Quantile(coordinate);
        if (IsCategory) return choice!.Values[(int)coordinate];
        return choice!.Values[order[Math.Clamp((int)(coordinate * order.Length), 0, order.Length - 1)]];
    }

    /// <summary>The nearest coordinate at which a value lies.</summary>
    public double Snap(double coordinate)
    {
        if (Levels is null || IsCategory) return coordinate;
        return Coordinate(Value(coordinate));
    }

    /// <summary>A coordinate drawn from the parameter's distribution.</summary>
    /// <param name="share">uniform in [0, 1)</param>
    public double Draw(double share) => choice is not null ? Coordinate(choice.Quantile(share)) : Snap(share);
}
