namespace Graft.Imaging;

/// <summary>Shares of a whole, from a symmetric Dirichlet distribution.</summary>
static class Dirichlet
{
    /// <summary>Fills with shares that are 1 together.</summary>
    public static void Draw(double alpha, Span<double> shares, ref SampleRandom random)
    {
        double sum = 0;
        for (int i = 0; i < shares.Length; i++) sum += shares[i] = Gamma(alpha, ref random);
        // a very small alpha can underflow: then one of them has it all
        if (!(sum > 0)) sum = shares[random.Next(shares.Length)] = 1;
        foreach (ref double share in shares) share /= sum;
    }

    /// <summary>A gamma variate of scale 1 (Marsaglia and Tsang 2000).</summary>
    static double Gamma(double shape, ref SampleRandom random)
    {
        if (shape == 1) return -Math.Log(1 - random.NextDouble());
        if (shape < 1) return Gamma(shape + 1, ref random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        double d = shape - 1 / 3.0, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(ref random), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    static double Normal(ref SampleRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
