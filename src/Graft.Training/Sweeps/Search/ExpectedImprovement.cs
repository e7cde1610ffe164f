using MathNet.Numerics;

namespace Graft.Training;

/// <summary>
/// The logarithm of expected improvement (Jones, Schonlau and Welch 1998), computed so that it stays finite and has a gradient
/// where the improvement itself is far below what a double holds: Ament et al. 2023, "Unexpected improvements to expected
/// improvement", arXiv:2310.20708.
/// </summary>
static class ExpectedImprovement
{
    const double LogRootTwoPi = 0.91893853320467274178; // log(sqrt(2 pi))

    /// <summary>log E[max(0, best - Y)] of a normal Y, and its derivatives.</summary>
    /// <param name="mean">of Y</param>
    /// <param name="deviation">of Y, positive</param>
    /// <param name="best">the least value so far</param>
    /// <param name="byMean">the derivative by the mean</param>
    /// <param name="byDeviation">the derivative by the deviation</param>
    public static double Log(double mean, double deviation, double best, out double byMean, out double byDeviation)
    {
        double z = (best - mean) / deviation, h = LogH(z);
        double densityRatio = Math.Exp(-0.5 * z * z - LogRootTwoPi - h); // phi(z) / h(z)
        // the distribution's ratio Phi(z) / h(z), from h = phi + z Phi where that is exact enough
        double ratio = z > -1 ? 0.5 * SpecialFunctions.Erfc(-z * Constants.Sqrt1Over2) / Math.Exp(h) : (1 - densityRatio) / z;
        byMean = -ratio / deviation;
        byDeviation = densityRatio / deviation;
        return Math.Log(deviation) + h;
    }

    /// <inheritdoc cref="Log(double, double, double, out double, out double)"/>
    public static double Log(double mean, double deviation, double best) => Math.Log(deviation) + LogH((best - mean) / deviation);

    /// <summary>log(phi(z) + z Phi(z)).</summary>
    internal static double LogH(double z)
    {
        if (z > -1)
            return Math.Log(Math.Exp(-0.5 * z * z - LogRootTwoPi) + z * 0.5 * SpecialFunctions.Erfc(-z * Constants.Sqrt1Over2));
        double tail = z < -1e3
            ? -2 * Math.Log(-z)
            : Math.Log(1 + z * Math.Sqrt(Math.PI / 2) * ScaledErfc(-z * Constants.Sqrt1Over2));
        return -0.5 * z * z - LogRootTwoPi + tail;
    }

    /// <summary>exp(x^2) erfc(x) for x > 0.5.</summary>
    internal static double ScaledErfc(double x)
    {
        if (x < 5) return Math.Exp(x * x) * SpecialFunctions.Erfc(x);
        // Laplace's continued fraction, from its far end
        double fraction = x;
        for (int k = 60; k >= 1; k--) fraction = x + 0.5 * k / fraction;
        return 1 / (Math.Sqrt(Math.PI) * fraction);
    }
}
