namespace Graft.Training;

/// <summary>A parameter that takes one of several values.</summary>
public sealed record SweepChoice : SweepParameter
{
    readonly double[] cumulative;

    /// <summary>A choice.</summary>
    /// <param name="name">its name</param>
    /// <param name="values">what may be chosen, at least one</param>
    /// <param name="probabilities">how probable each is, together 1; null for all alike</param>
    /// <exception cref="ArgumentException">Without values; or the probabilities are not as many, or none.</exception>
    public SweepChoice(string name, IReadOnlyList<SweepValue> values, IReadOnlyList<double>? probabilities = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ArgumentException($"{name}: expected at least one value, found none");
        Values = values;
        Probabilities = probabilities;
        probabilities ??= [.. values.Select(_ => 1.0 / values.Count)];
        if (probabilities.Count != values.Count)
            throw new ArgumentException(
                $"{name}: expected a probability for each of {values.Count} values, found {probabilities.Count}");
        double sum = 0;
        foreach (double one in probabilities)
            sum += one >= 0 ? one : throw new ArgumentException($"{name}: expected probabilities from 0 to 1, found {one}");
        if (Math.Abs(sum - 1) > 1e-3)
            throw new ArgumentException($"{name}: expected probabilities that sum to 1, found {sum:0.####}");
        cumulative = new double[values.Count];
        double before = 0;
        for (int i = 0; i < cumulative.Length; i++) cumulative[i] = before += probabilities[i] / sum;
    }

    /// <summary>What may be chosen.</summary>
    public IReadOnlyList<SweepValue> Values { get; }

    /// <summary>How probable each is; null where all are alike.</summary>
    public IReadOnlyList<double>? Probabilities { get; }

    /// <inheritdoc/>
    public override SweepValue Quantile(double share) => Values[IndexAt(share)];

    /// <summary>Which value lies at a share of the distribution; never one of probability 0.</summary>
    internal int IndexAt(double share)
    {
        for (int i = 0; i < cumulative.Length; i++)
            if (share < cumulative[i]) return i;
        int last = cumulative.Length - 1;
        while (last > 0 && cumulative[last - 1] >= cumulative[last]) last--;
        return last;
    }
}
