namespace Graft.Training;

/// <summary>How much a parameter matters for the metric.</summary>
/// <param name="Name">the parameter</param>
/// <param name="Importance">
/// its share of the metric's variance by itself, 0 to 1, by functional analysis of variance on a random forest (Hutter, Hoos and
/// Leyton-Brown 2014); what is missing to 1 in all comes from parameters together
/// </param>
/// <param name="Correlation">
/// Pearson's correlation of the metric with the parameter on its own scale (logarithmic where its distribution is), -1 to 1; null
/// for choices without order
/// </param>
public sealed record ParameterImportance(string Name, double Importance, double? Correlation)
{
    const int Fewest = 4;

    /// <summary>The importance of every searched parameter, most important first; empty with fewer than four results.</summary>
    /// <param name="space">what was searched</param>
    /// <param name="trials">the sweep's trials; those without a result are left out</param>
    /// <param name="seed">of the forest</param>
    public static IReadOnlyList<ParameterImportance> Of(SearchSpace space, IReadOnlyCollection<SweepTrial> trials, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        SpaceEncoding encoding = new(space);
        Observations known = encoding.Observe(
            [.. trials.Where(one => one.State is SweepTrialState.Finished or SweepTrialState.Stopped
                && one.Result is { } result && double.IsFinite(result))], SweepGoal.Minimize);
        if (known.Costs.Length < Fewest || encoding.Dimensions.Length == 0) return [];
        double[] shares = new RandomForest(encoding.Dimensions, known.Points, known.Costs, seed).MainEffects();
        List<ParameterImportance> found = [];
        for (int d = 0; d < shares.Length; d++)
        {
            Dimension dimension = encoding.Dimensions[d];
            found.Add(new(dimension.Name, shares[d],
                dimension.IsCategory ? null : Pearson([.. known.Points.Select(point => point[d])], known.Costs)));
        }
        return [.. found.OrderByDescending(one => one.Importance).ThenBy(one => one.Name, StringComparer.Ordinal)];
    }

    static double Pearson(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average(), both = 0, squaresX = 0, squaresY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            both += (x[i] - meanX) * (y[i] - meanY);
            squaresX += (x[i] - meanX) * (x[i] - meanX);
            squaresY += (y[i] - meanY) * (y[i] - meanY);
        }
        return squaresX > 0 && squaresY > 0 ? both / Math.Sqrt(squaresX * squaresY) : 0;
    }
}
