using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// Logistic regression on features: what scikit-learn's <c>LogisticRegression(C)</c> finds. It minimises C times the sum of the
/// cross-entropies plus half the squared weights (not the intercepts); multinomial, with two classes one row of weights.
/// </summary>
public sealed class LogisticProbe
{
    const int MaxSteps = 300;

    readonly double[] mean, scale; // [D]
    readonly double[] weights; // [D + 1, R], the intercepts last
    readonly int rows;

    LogisticProbe(int classes, double[] mean, double[] scale, double[] weights)
    {
        (Classes, this.mean, this.scale, this.weights) = (classes, mean, scale, weights);
        rows = classes == 2 ? 1 : classes;
    }

    /// <summary>The strengths to choose from: the smaller, the more weights are held back.</summary>
    public static IReadOnlyList<double> Choices { get; } = [0.0001, 0.001, 0.01, 0.1, 1];

    /// <summary>The number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>Fits it.</summary>
    /// <param name="features">where the samples come from</param>
    /// <param name="samples">those to fit it to; their mean and deviation standardise all</param>
    /// <param name="classes">K; a class without samples gets no more than the intercept that is left to it</param>
    /// <param name="c">C, the inverse of the strength of regularisation</param>
    /// <param name="standardise">whether features are standardised. <value>true</value></param>
    /// <param name="tolerance">the largest element of the gradient of the mean loss at the end. <value>1e-5</value></param>
    /// <param name="start">a probe of the same size to start from; null: zeros</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="ArgumentException">There are no samples, or fewer than two classes.</exception>
    public static LogisticProbe Fit(
        Features features, IReadOnlyList<int> samples, int classes, double c = 1, bool standardise = true,
        double tolerance = 1e-5, LogisticProbe? start = null, CancellationToken cancellation = default)
    {
        if (samples.Count == 0) throw new ArgumentException("expected at least one sample, came none", nameof(samples));
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        int width = features.Width, rows = classes == 2 ? 1 : classes, count = samples.Count;
        (double[] mean, double[] scale) = standardise ? Statistics(features, samples)
            : (new double[width], [.. Enumerable.Repeat(1.0, width)]);
        double[] weights = start?.weights.AsSpan().ToArray() ?? new double[(width + 1) * rows];
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor inputs = Matrix(features, samples, mean, scale); // [N, D]
        Tensor turned = inputs.Transpose(0, 1).Contiguous(); // [D, N]
        double penalty = 1 / (c * count);
        double[] residuals = new double[count * rows];
        var probe = new LogisticProbe(classes, mean, scale, weights);
        Lbfgs.Minimise((point, gradient) =>
        {
            using var inner = new TensorScope();
            Tensor current = Tensor.FromSpan(point[..(width * rows)], [width, rows]);
            double[] logits = inputs.MatMul(current).ToArray<double>(); // [N, R]
            double loss = Residuals(logits, point[(width * rows)..], features.Labels, samples, classes, residuals) / count;
            Tensor back = turned.MatMul(Tensor.FromSpan<double>(residuals, [count, rows])); // [D, R]
            back.CopyTo(gradient[..(width * rows)]);
            double squares = 0;
            for (int i = 0; i < width * rows; i++)
            {
                gradient[i] = gradient[i] / count + penalty * point[i];
                squares += point[i] * point[i];
            }
            Span<double> intercepts = gradient[(width * rows)..];
            intercepts.Clear();
            for (int i = 0; i < residuals.Length; i++) intercepts[i % rows] += residuals[i] / count;
            return loss + penalty / 2 * squares;
        }, weights, tolerance, MaxSteps, cancellation);
        return probe;
    }

    /// <summary>Logits of some samples: N rows of K.</summary>
    public float[][] Logits(Features features, IReadOnlyList<int> samples)
    {
        int width = mean.Length;
        if (samples.Count == 0) return [];
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor inputs = Matrix(features, samples, mean, scale);
        double[] values =
            inputs.MatMul(Tensor.FromSpan<double>(weights.AsSpan(0, width * rows), [width, rows])).ToArray<double>(); // [N, R]
        float[][] logits = new float[samples.Count][];
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] = new float[Classes];
            for (int r = 0; r < rows; r++) // of two classes, the first one's logit is 0
                logits[i][Classes == 2 ? 1 : r] = (float)(values[i * rows + r] + weights[width * rows + r]);
        }
        return logits;
    }

    /// <summary>
    /// Which of <see cref="Choices"/> has the least loss on a fifth of the samples when fitted to the others; of equal ones the
    /// smallest.
    /// </summary>
    /// <param name="features">where the samples come from</param>
    /// <param name="samples">those to choose by</param>
    /// <param name="classes">K</param>
    /// <param name="seed">decides which fifth</param>
    /// <param name="cancellation">stops it</param>
    public static double ChooseC(
        Features features, IReadOnlyList<int> samples, int classes, ulong seed, CancellationToken cancellation = default)
    {
        int[] folds = StratifiedFolds.Of([.. samples.Select(sample => features.Labels[sample])], folds: 5, seed);
        int[] held = [.. samples.Where((_, i) => folds[i] == 0)], rest = [.. samples.Where((_, i) => folds[i] != 0)];
        if (held.Length == 0 || rest.Length == 0) return Choices[Choices.Count / 2];
        (double best, double least) = (Choices[0], double.PositiveInfinity);
        LogisticProbe? last = null;
        foreach (double c in Choices)
        {
            last = Fit(features, rest, classes, c, start: last, cancellation: cancellation);
            float[][] logits = last.Logits(features, held);
            var loss = new MeanLoss();
            for (int i = 0; i < held.Length; i++) loss.Update(logits[i], features.Labels[held[i]]);
            if (!(loss.Compute() < least)) continue;
            (best, least) = (c, loss.Compute());
        }
        return best;
    }

    /// <summary>Fills in probability minus truth, and gives the sum of the cross-entropies.</summary>
    static double Residuals(
        double[] logits, ReadOnlySpan<double> intercepts, IReadOnlyList<int> labels, IReadOnlyList<int> samples, int classes,
        double[] residuals)
    {
        int rows = intercepts.Length;
        double loss = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            int label = labels[samples[i]];
            Span<double> row = logits.AsSpan(i * rows, rows);
            for (int r = 0; r < rows; r++) row[r] += intercepts[r];
            if (classes == 2)
            {
                loss += Training.Logits.BinaryCrossEntropy(row[0], label);
                residuals[i] = Training.Logits.Sigmoid(row[0]) - label;
                continue;
            }
            double largest = double.NegativeInfinity, all = 0;
            foreach (double value in row) largest = Math.Max(largest, value);
            foreach (double value in row) all += Math.Exp(value - largest);
            loss += Math.Log(all) + largest - row[label];
            for (int r = 0; r < rows; r++)
                residuals[i * rows + r] = Math.Exp(row[r] - largest) / all - (r == label ? 1 : 0);
        }
        return loss;
    }

    static (double[] Mean, double[] Scale) Statistics(Features features, IReadOnlyList<int> samples)
    {
        int width = features.Width;
        double[] mean = new double[width], scale = new double[width];
        foreach (int sample in samples)
        {
            ReadOnlySpan<float> row = features.Row(sample);
            for (int d = 0; d < width; d++) mean[d] += row[d] / samples.Count;
        }
        foreach (int sample in samples)
        {
            ReadOnlySpan<float> row = features.Row(sample);
            for (int d = 0; d < width; d++) scale[d] += (row[d] - mean[d]) * (row[d] - mean[d]) / samples.Count;
        }
        for (int d = 0; d < width; d++)
        {
            double spread = Math.Sqrt(scale[d]);
            scale[d] = spread > 1e-6 * Math.Max(1e-6, Math.Abs(mean[d])) ? 1 / spread : 0; // what never changes says nothing
        }
        return (mean, scale);
    }

    static Tensor Matrix(Features features, IReadOnlyList<int> samples, double[] mean, double[] scale)
    {
        int width = features.Width;
        double[] values = new double[(long)samples.Count * width];
        for (int i = 0; i < samples.Count; i++)
        {
            ReadOnlySpan<float> row = features.Row(samples[i]);
            Span<double> to = values.AsSpan(i * width, width);
            for (int d = 0; d < width; d++) to[d] = (row[d] - mean[d]) * scale[d];
        }
        return Tensor.FromArray(values, [samples.Count, width]);
    }
}
