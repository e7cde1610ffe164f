namespace Graft.Training;

/// <summary>
/// How well parameters of a Gaussian process explain values: its log marginal likelihood and gradient (Rasmussen and Williams
/// 2006, section 5.4.1).
/// </summary>
sealed class MarginalLikelihood
{
    readonly int n;
    readonly GaussianKernel kernel;
    readonly double[][] distances; // [F][N (N - 1) / 2] below the diagonal, row by row
    readonly double[] values, matrix, inverse, slopes, alpha, whitened;

    public MarginalLikelihood(KernelFeature[] features, GaussianKernel kernel, double[][] points, double[] values)
    {
        n = points.Length;
        this.kernel = kernel;
        this.values = values;
        distances = new double[features.Length][];
        for (int f = 0; f < features.Length; f++)
        {
            double[] its = distances[f] = new double[n * (n - 1) / 2];
            for (int i = 0, at = 0; i < n; i++)
                for (int j = 0; j < i; j++) its[at++] = features[f].SquaredDistance(points[i], points[j]);
        }
        matrix = new double[n * n];
        inverse = new double[n * n];
        slopes = new double[n * (n - 1) / 2];
        alpha = new double[n];
        whitened = new double[n];
    }

    /// <summary>The log likelihood; minus infinity where the matrix is not positive definite.</summary>
    /// <param name="logs">[F + 2] as <see cref="GaussianProcess.Logs"/></param>
    /// <param name="gradient">[F + 2] by them; empty to leave it</param>
    public double At(ReadOnlySpan<double> logs, Span<double> gradient)
    {
        int count = distances.Length;
        Span<double> weights = stackalloc double[count];
        for (int f = 0; f < count; f++) weights[f] = Math.Exp(-2 * logs[f]);
        double signal = Math.Exp(logs[count]), noise = Math.Exp(logs[count + 1]);
        for (int i = 0, at = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++, at++)
            {
                double squared = 0;
                for (int f = 0; f < count; f++) squared += weights[f] * distances[f][at];
                (double value, double slope) = GaussianProcess.Matern(kernel, squared);
                matrix[i * n + j] = signal * value;
                slopes[at] = signal * slope;
            }
            matrix[i * n + i] = signal + noise;
        }
        gradient.Clear();
        if (!Cholesky.Factor(matrix, n)) return double.NegativeInfinity;
        Cholesky.Invert(matrix, inverse, n);
        double likelihood = -0.5 * n * Math.Log(2 * Math.PI);
        Array.Clear(alpha);
        for (int i = 0; i < n; i++)
        {
            double one = whitened[i] = Cholesky.Dot(inverse.AsSpan(i * n, i + 1), values.AsSpan(0, i + 1));
            likelihood -= 0.5 * one * one + Math.Log(matrix[i * n + i]);
            for (int j = 0; j <= i; j++) alpha[j] += inverse[i * n + j] * one;
        }
        if (gradient.IsEmpty) return likelihood;
        // 1/2 tr((alpha alpha' - K^-1) dK/dlog); of K^-1 only what lies below the diagonal, into the factor's place
        Span<double> precision = matrix;
        precision.Clear();
        for (int k = 0; k < n; k++)
        {
            Span<double> row = inverse.AsSpan(k * n, k + 1);
            for (int i = 0; i <= k; i++)
            {
                double factor = row[i];
                Span<double> into = precision.Slice(i * n, i + 1);
                for (int j = 0; j < into.Length; j++) into[j] += factor * row[j];
            }
        }
        double byNoise = 0, bySignal = 0;
        for (int i = 0, at = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++, at++)
            {
                double share = (alpha[i] * alpha[j] - precision[i * n + j]) * slopes[at]; // both halves of the matrix
                for (int f = 0; f < count; f++) gradient[f] -= 2 * share * weights[f] * distances[f][at];
            }
            byNoise += 0.5 * (alpha[i] * alpha[i] - precision[i * n + i]) * noise;
        }
        // the signal's share: all of K is (signal part) + noise, and tr((alpha alpha' - K^-1) K) = alpha' y - n
        bySignal = 0.5 * (Cholesky.Dot(alpha, values) - n) - byNoise;
        gradient[count] = bySignal;
        gradient[count + 1] = byNoise;
        return likelihood;
    }
}
