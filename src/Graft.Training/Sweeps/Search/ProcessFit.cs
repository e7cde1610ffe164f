using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Finds the parameters of a Gaussian process: the maximum of its marginal likelihood times weak log-normal priors, from several
/// starts along the gradient.
/// </summary>
sealed class ProcessFit
{
    const double LeastNoise = -13.8, ManyNoise = -4.6, MostNoise = 0; // logarithms of variances: 1e-6 to 1
    const double SliceWidth = 1.5;

    // of the normal priors of the logarithms. Length scales grow with the root of the dimensions, as distances do (Hvarfner et
    // al. 2024, arXiv:2402.02229); the noise's deviation is about a hundredth of the values'
    const double ScaleMean = -1.4, ScaleSpread = 0.8, SignalSpread = 1, NoiseMean = -9, NoiseSpread = 2;

    const int Starts = 3, Steps = 60, BurnIn = 3;

    readonly KernelFeature[] features;
    readonly GaussianKernel kernel;
    readonly double[] low, high;

    public ProcessFit(KernelFeature[] features, GaussianKernel kernel)
    {
        this.features = features;
        this.kernel = kernel;
        low = [.. features.Select(_ => Math.Log(0.02)), Math.Log(0.02), LeastNoise];
        high = [.. features.Select(_ => Math.Log(30)), Math.Log(50), MostNoise];
    }

    /// <summary>The most probable logarithms of the parameters, and the scale of the costs that they explain best.</summary>
    public (double[] Logs, double[] Values) Fit(double[][] points, IReadOnlyList<CostScale> scales, ref SampleRandom random)
    {
        double best = double.PositiveInfinity;
        double[] logs = Start(), values = scales[0].Values;
        foreach (CostScale scale in scales)
        {
            double[] its = Start();
            double value = Minimise(new(features, kernel, points, scale.Values), its) - scale.LogJacobian;
            if (!(value < best)) continue;
            (best, logs, values) = (value, its, scale.Values);
        }
        MarginalLikelihood likelihood = new(features, kernel, points, values);
        best = Negative(likelihood, logs, []);
        for (int start = 1; start < Starts; start++)
        {
            double[] its = Start();
            for (int f = 0; f < features.Length; f++) its[f] += ScaleSpread * Normal(ref random);
            if (start == 1) its[^1] = ManyNoise;
            double value = Minimise(likelihood, its);
            if (value < best) (best, logs) = (value, its);
        }
        return (logs, values);
    }

    double Minimise(MarginalLikelihood likelihood, double[] logs) =>
        BoundedMinimiser.Minimise((x, gradient) => Negative(likelihood, x, gradient), logs, low, high, Steps);

    /// <summary>
    /// Draws from the parameters' posterior by slice sampling (Neal 2003), one after the other, from the most probable ones on:
    /// with few results many parameters explain them, and a single set would be too sure of itself (Snoek et al. 2012).
    /// </summary>
    public List<double[]> Sample(double[] from, int count, double[][] points, double[] values, ref SampleRandom random)
    {
        MarginalLikelihood likelihood = new(features, kernel, points, values);
        List<double[]> samples = [];
        double[] at = [.. from];
        double here = Negative(likelihood, at, []);
        for (int sweep = -BurnIn; sweep < count; sweep++)
        {
            for (int i = 0; i < at.Length; i++)
            {
                double level = here - Math.Log(1 - random.NextDouble()), old = at[i]; // of minus the logarithm
                double left = Math.Max(low[i], old - SliceWidth * random.NextDouble());
                double right = Math.Min(high[i], left + SliceWidth);
                while (left > low[i] && At(i, left) < level) left = Math.Max(low[i], left - SliceWidth);
                while (right < high[i] && At(i, right) < level) right = Math.Min(high[i], right + SliceWidth);
                for (int shrink = 0; ; shrink++)
                {
                    double tried = shrink < 50 ? random.Uniform(left, right) : old;
                    here = At(i, tried);
                    if (here <= level || shrink >= 50) break;
                    if (tried < old) left = tried;
                    else right = tried;
                }
            }
            if (sweep >= 0) samples.Add([.. at]);
        }
        return samples;

        double At(int i, double value)
        {
            at[i] = value;
            return Negative(likelihood, at, []);
        }
    }

    /// <summary>Minus the log posterior, and its gradient.</summary>
    internal double Negative(MarginalLikelihood likelihood, ReadOnlySpan<double> logs, Span<double> gradient)
    {
        double value = -likelihood.At(logs, gradient);
        if (!double.IsFinite(value)) return double.PositiveInfinity;
        for (int i = 0; i < logs.Length; i++)
        {
            (double mean, double spread) = Prior(i);
            double away = (logs[i] - mean) / spread;
            value += 0.5 * away * away;
            if (!gradient.IsEmpty) gradient[i] = -gradient[i] + away / spread;
        }
        return value;
    }

    (double Mean, double Spread) Prior(int index) => index < features.Length
        ? (ScaleMean + 0.5 * Math.Log(features.Length), ScaleSpread)
        : index == features.Length ? (0, SignalSpread) : (NoiseMean, NoiseSpread);

    double[] Start() => [.. Enumerable.Range(0, features.Length + 2).Select(i => Math.Clamp(Prior(i).Mean, low[i], high[i]))];

    static double Normal(ref SampleRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
