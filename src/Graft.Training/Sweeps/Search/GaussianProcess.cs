namespace Graft.Training;

/// <summary>
/// Gaussian process regression (Rasmussen and Williams 2006, chapters 2 and 5) with a Matern kernel, a length scale for each
/// feature, and noise. Its parameters are logarithms: length scales [F], variance of the signal, variance of the noise.
/// </summary>
sealed class GaussianProcess
{
    readonly KernelFeature[] features;
    readonly GaussianKernel kernel;
    readonly double[][] points;
    readonly int n;
    readonly double[] weights, inverse, alpha, similarities, solved; // inverse: of the Cholesky factor, [N, N]
    readonly double signal;

    /// <summary>Conditioned on values at points.</summary>
    /// <param name="features">what the kernel sees</param>
    /// <param name="kernel">its shape</param>
    /// <param name="points">[N, D]</param>
    /// <param name="values">[N] with mean about 0</param>
    /// <param name="logs">[F + 2] the parameters' logarithms</param>
    /// <exception cref="ArgumentException">The kernel's matrix is not positive definite with them.</exception>
    public GaussianProcess(KernelFeature[] features, GaussianKernel kernel, double[][] points, double[] values, double[] logs)
    {
        this.features = features;
        this.kernel = kernel;
        this.points = points;
        n = points.Length;
        Logs = logs;
        signal = Math.Exp(logs[^2]);
        weights = [.. logs.Take(features.Length).Select(log => Math.Exp(-2 * log))];
        similarities = new double[n];
        solved = new double[n];
        double noise = Math.Exp(logs[^1]);
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (double value, _) = Matern(kernel, Weighted(points[i], points[j]));
                matrix[i * n + j] = matrix[j * n + i] = signal * value;
            }
            matrix[i * n + i] = signal + noise;
        }
        if (!Cholesky.Factor(matrix, n))
            throw new ArgumentException("the kernel's matrix is not positive definite; raise the noise");
        inverse = new double[n * n];
        Cholesky.Invert(matrix, inverse, n);
        double[] whitened = new double[n];
        for (int i = 0; i < n; i++) whitened[i] = Cholesky.Dot(inverse.AsSpan(i * n, i + 1), values.AsSpan(0, i + 1));
        alpha = new double[n];
        Transposed(whitened, alpha);
    }

    /// <summary>The logarithms of its parameters.</summary>
    public double[] Logs { get; }

    /// <summary>Mean and standard deviation of the function, without noise, at a point.</summary>
    public (double Mean, double Deviation) Predict(double[] at)
    {
        for (int i = 0; i < n; i++) similarities[i] = signal * Matern(kernel, Weighted(at, points[i])).Value;
        return Predict();
    }

    /// <summary>
    /// As <see cref="Predict(double[])"/>, with the derivatives by the coordinates that are numbers; 0 by others.
    /// </summary>
    public (double Mean, double Deviation) Predict(double[] at, Span<double> meanBy, Span<double> deviationBy)
    {
        Span<double> slopes = n <= 512 ? stackalloc double[n] : new double[n];
        for (int i = 0; i < n; i++)
        {
            (double value, double slope) = Matern(kernel, Weighted(at, points[i]));
            similarities[i] = signal * value;
            slopes[i] = signal * slope;
        }
        (double mean, double deviation) = Predict();
        double[] beta = new double[n];
        Transposed(solved, beta);
        meanBy.Clear();
        deviationBy.Clear();
        for (int f = 0; f < features.Length; f++)
        {
            if (features[f].Table is not null) continue;
            int d = features[f].Dimension;
            double byMean = 0, byVariance = 0;
            for (int i = 0; i < n; i++)
            {
                double by = slopes[i] * weights[f] * 2 * (at[d] - points[i][d]);
                byMean += alpha[i] * by;
                byVariance -= 2 * beta[i] * by;
            }
            meanBy[d] += byMean;
            deviationBy[d] += byVariance / (2 * deviation);
        }
        return (mean, deviation);
    }

    (double Mean, double Deviation) Predict()
    {
        double mean = Cholesky.Dot(similarities, alpha), variance = signal;
        for (int i = 0; i < n; i++)
        {
            double one = Cholesky.Dot(inverse.AsSpan(i * n, i + 1), similarities.AsSpan(0, i + 1));
            solved[i] = one;
            variance -= one * one;
        }
        return (mean, Math.Sqrt(Math.Max(variance, 1e-14 * signal)));
    }

    /// <summary>inverse' x.</summary>
    void Transposed(double[] x, double[] result)
    {
        for (int i = 0; i < n; i++)
        {
            double one = x[i];
            for (int j = 0; j <= i; j++) result[j] += inverse[i * n + j] * one;
        }
    }

    double Weighted(double[] one, double[] other)
    {
        double sum = 0;
        for (int f = 0; f < features.Length; f++) sum += weights[f] * features[f].SquaredDistance(one, other);
        return sum;
    }

    /// <summary>The kernel at a squared distance, and its derivative by that.</summary>
    public static (double Value, double Slope) Matern(GaussianKernel kernel, double squared)
    {
        if (kernel == GaussianKernel.Matern32)
        {
            double distance = Math.Sqrt(3 * squared), decay = Math.Exp(-distance);
            return ((1 + distance) * decay, -1.5 * decay);
        }
        else
        {
            double distance = Math.Sqrt(5 * squared), decay = Math.Exp(-distance);
            return ((1 + distance + distance * distance / 3) * decay, -5.0 / 6 * (1 + distance) * decay);
        }
    }
}
