using System.Text;

namespace Graft.Training;

/// <summary>
/// Every combination in W&amp;B's order: parameters sorted by name, the last one changing fastest. Constants, choices, whole
/// numbers and q_uniform have a grid; anything else has none, and neither have choices with probabilities. Of q_uniform it
/// takes min, min + q, ..., with max where that is reached.
/// </summary>
public sealed class GridSampler : ISweepSampler
{
    const int Longest = 1_000_000;

    readonly SearchSpace space;
    readonly SweepParameter[] parameters;
    readonly IReadOnlyList<SweepValue>[] values;

    /// <summary>The grid of a space.</summary>
    /// <exception cref="ArgumentException">A parameter has no grid, in one line.</exception>
    public GridSampler(SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        this.space = space;
        parameters = [.. space.Searched.OrderBy(one => one.Name, StringComparer.Ordinal)];
        values = [.. parameters.Select(ValuesOf)];
        Count = values.Aggregate(1.0, (count, one) => count * one.Count);
    }

    /// <summary>How many combinations there are.</summary>
    public double Count { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SweepValue>? Suggest(int number, IReadOnlyCollection<SweepTrial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        HashSet<string> taken = [.. trials.Select(trial => Key(trial.Values))];
        int[] at = new int[values.Length];
        while (true)
        {
            Dictionary<string, SweepValue> here = [];
            for (int i = 0; i < at.Length; i++) here[parameters[i].Name] = values[i][at[i]];
            if (!taken.Contains(Key(here))) return space.Values(here);
            int place = at.Length - 1;
            while (place >= 0 && ++at[place] == values[place].Count) at[place--] = 0;
            if (place < 0) return null;
        }
    }

    /// <summary>The values of a parameter on a grid.</summary>
    /// <exception cref="ArgumentException">It has none, in one line.</exception>
    internal static IReadOnlyList<SweepValue> ValuesOf(SweepParameter parameter)
    {
        switch (parameter)
        {
            case SweepConstant constant:
                return [constant.Value];
            case SweepChoice { Probabilities: null } choice:
                return [.. choice.Values.Distinct()];
            case SweepRange { Distribution: SweepDistribution.IntUniform or SweepDistribution.QUniform } range:
                double step = range.Quantum!.Value, count = Math.Floor((range.Maximum - range.Minimum) / step + 1e-9) + 1;
                if (count > Longest)
                    throw new ArgumentException($"a grid of {count:0} values is too long; raise q, or use random");
                return [.. Enumerable.Range(0, (int)count).Select(i => SweepValue.Of(Step(range.Minimum, i, step)))];
            case SweepChoice:
                throw new ArgumentException(
                    "a grid takes every value once, so probabilities have no meaning; use random or bayes");
            default:
                throw new ArgumentException(
                    "a grid needs values, whole numbers or q_uniform; use random or bayes for any number");
        }
    }

    /// <summary>In decimals, so that 0.1 and two times 0.1 are 0.3.</summary>
    static double Step(double from, int count, double step) => Math.Abs(from) < 1e12 && step is > 1e-12 and < 1e12
        ? (double)((decimal)from + count * (decimal)step) : from + count * step;

    string Key(IReadOnlyDictionary<string, SweepValue> values)
    {
        StringBuilder key = new();
        foreach (SweepParameter one in parameters)
            key.Append(values.TryGetValue(one.Name, out SweepValue value) ? $"{value.Kind} {value}" : "-").Append('\0');
        return key.ToString();
    }
}
