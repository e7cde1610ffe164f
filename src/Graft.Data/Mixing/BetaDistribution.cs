using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Draws from Beta(a, b) as the share of two gamma variables. Gamma by Marsaglia and Tsang 2000, "A simple method for generating
/// gamma variables"; shapes below 1 by their boost, kept as a logarithm since it underflows for the small shapes that MixUp uses.
/// </summary>
static class BetaDistribution
{
    /// <summary>One draw, in [0, 1].</summary>
    public static double Sample(ref SampleRandom random, double a, double b)
    {
        double first = LogGamma(ref random, a), second = LogGamma(ref random, b);
        return 1 / (1 + Math.Exp(second - first));
    }

    /// <summary>The logarithm of a draw from Gamma(shape, 1).</summary>
    public static double LogGamma(ref SampleRandom random, double shape)
    {
        double boost = 0;
        if (shape < 1)
        {
            boost = Math.Log(1 - random.NextDouble()) / shape;
            shape++;
        }
        double d = shape - 1 / 3.0, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(ref random), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            double u = 1 - random.NextDouble(); // in (0, 1]
            if (Math.Log(u) < x * x / 2 + d * (1 - v + Math.Log(v))) return Math.Log(d * v) + boost;
        }
    }

    // Box and Muller 1958; the second of the pair is not kept, so that a draw leaves nothing behind
    static double Normal(ref SampleRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
