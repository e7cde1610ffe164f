using Graft.Imaging;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Graft.Training;

/// <summary>
/// A mixture of products of kernels around points, with one more for the prior: normal distributions cut off at 0 and 1 for
/// numbers, weighted values for categories.
/// </summary>
sealed class ParzenEstimator
{
    const double Magnitude = 0.2; // width of a kernel, times N^(-1 / (D + 4)): Optuna's
    const int OldestUnweighted = 25; // results before the last ones weigh less and less

    readonly Dimension[] dimensions;
    readonly double[][] centres; // the prior's last
    readonly double[] weights, widths;
    readonly double[][] priors; // of each category its values' probabilities
    readonly double prior;

    public ParzenEstimator(Dimension[] dimensions, double[][] points, double priorWeight)
    {
        this.dimensions = dimensions;
        int count = points.Length, kernels = count + 1;
        double width = Magnitude * Math.Pow(Math.Max(count, 1), -1.0 / (dimensions.Length + 4));
        width = Math.Max(width, 1.0 / Math.Min(100, 1 + kernels)); // the "magic clip"
        centres = [.. points, [.. dimensions.Select(one => one.IsCategory ? -1 : 0.5)]];
        widths = [.. Enumerable.Repeat(width, count), 1];
        weights = [.. Enumerable.Range(0, count).Select(i => Weight(i, count)), priorWeight];
        double sum = weights.Sum();
        for (int i = 0; i < kernels; i++) weights[i] /= sum;
        prior = priorWeight / kernels;
        priors = [.. dimensions.Select(one => one.IsCategory ? one.Probabilities : [])];
    }

    public double[] Draw(ref SampleRandom random)
    {
        int kernel = 0;
        for (double share = random.NextDouble(); kernel < weights.Length - 1 && share >= weights[kernel]; kernel++)
            share -= weights[kernel];
        double[] point = new double[dimensions.Length];
        for (int d = 0; d < point.Length; d++)
        {
            double share = random.NextDouble(), centre = centres[kernel][d], width = widths[kernel];
            if (dimensions[d].IsCategory)
            {
                int value = 0;
                while (value < priors[d].Length - 1 && share >= Probability(d, kernel, value))
                    share -= Probability(d, kernel, value++);
                point[d] = value;
                continue;
            }
            double low = Normal.CDF(centre, width, 0), high = Normal.CDF(centre, width, 1);
            double drawn = Normal.InvCDF(centre, width, Math.Clamp(low + share * (high - low), 1e-12, 1 - 1e-12));
            point[d] = dimensions[d].Snap(Math.Clamp(drawn, 0, 1));
        }
        return point;
    }

    public double LogDensity(double[] point)
    {
        double[] logs = new double[weights.Length];
        for (int k = 0; k < logs.Length; k++)
        {
            double log = Math.Log(weights[k]);
            for (int d = 0; d < point.Length; d++)
                log += dimensions[d].IsCategory ? Math.Log(Probability(d, k, (int)point[d])) : LogKernel(d, k, point[d]);
            logs[k] = log;
        }
        double highest = logs.Max();
        return highest + Math.Log(logs.Sum(log => Math.Exp(log - highest)));
    }

    double Probability(int d, int kernel, int value)
    {
        double own = priors[d][value];
        if (kernel == weights.Length - 1) return own;
        double count = priors[d].Length; // each value has the prior's weight, the centre's one more
        return (prior * own * count + (centres[kernel][d] == value ? 1 : 0)) / (prior * count + 1);
    }

    double LogKernel(int d, int kernel, double at)
    {
        double centre = centres[kernel][d], width = widths[kernel];
        double inside = Normal.CDF(centre, width, 1) - Normal.CDF(centre, width, 0);
        if (dimensions[d].Levels is { } levels && levels <= 1 << 10)
        {
            double mass = Normal.CDF(centre, width, Math.Min(1, at + 0.5 / levels))
                - Normal.CDF(centre, width, Math.Max(0, at - 0.5 / levels));
            return Math.Log(Math.Max(mass, 1e-300) / inside);
        }
        double z = (at - centre) / width;
        return -0.5 * z * z - Math.Log(width * inside) - 0.5 * Math.Log(Constants.Pi2);
    }

    static double Weight(int index, int count)
    {
        int ramp = count - OldestUnweighted;
        if (index >= ramp) return 1;
        double least = 1.0 / count;
        return ramp == 1 ? least : least + (1 - least) * index / (ramp - 1);
    }
}
