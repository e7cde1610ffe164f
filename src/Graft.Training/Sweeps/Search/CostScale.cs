namespace Graft.Training;

/// <summary>
/// Costs made fit for a Gaussian process: about the median, in robust deviations, with the tail of bad ones bent (Box and Cox
/// 1964, of 1 + the distance) by more or less; then with mean 0 and deviation 1. The process itself says which of them it
/// explains best. What is better than the median stays as it is: that is what is looked for.
/// </summary>
/// <param name="Values">[N] in the order of the costs</param>
/// <param name="LogJacobian">the logarithm of how much the values' density grew, to compare likelihoods with</param>
sealed record CostScale(double[] Values, double LogJacobian)
{
    const int FewestToBend = 4;

    static readonly double[] powers = [1, 0.5, 0.25, 0, -0.5, -1];

    /// <summary>The scales to choose from, unbent first.</summary>
    public static List<CostScale> Of(IReadOnlyList<double> costs)
    {
        double middle = Median([.. costs]), spread = 1.4826 * Median([.. costs.Select(cost => Math.Abs(cost - middle))]);
        if (spread <= 1e-12 * Math.Abs(middle)) spread = Deviation([.. costs]);
        if (!(spread > 0)) return [new(new double[costs.Count], 0)];
        double[] distances = [.. costs.Select(cost => (cost - middle) / spread)];
        bool bends = costs.Count >= FewestToBend;
        return [.. powers.Take(bends ? powers.Length : 1).Select(power => Bent(distances, power))];
    }

    static CostScale Bent(double[] distances, double power)
    {
        double[] values = [.. distances.Select(distance => Bend(distance, power))];
        double mean = values.Average(), deviation = Deviation(values);
        double jacobian = -values.Length * Math.Log(deviation);
        foreach (double distance in distances)
            if (distance > 0) jacobian += (power - 1) * Math.Log(1 + distance);
        return new([.. values.Select(value => (value - mean) / deviation)], jacobian);
    }

    static double Bend(double distance, double power) =>
        distance <= 0 ? distance : power == 0 ? Math.Log(1 + distance) : (Math.Pow(1 + distance, power) - 1) / power;

    static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
    }
}
