namespace Graft.Training;

/// <summary>
/// One number that logits are divided by, so that probabilities say how often the model is right. Guo et al. 2017,
/// arXiv:1706.04599. What is predicted does not change.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The lowest temperature that is tried.</summary>
    public const double Lowest = 0.05;

    /// <summary>The highest.</summary>
    public const double Highest = 20;

    const int Halvings = 60;

    /// <summary>The temperature of the least mean cross-entropy over samples of one class each.</summary>
    /// <param name="logits">N rows of K; those with values that are no numbers are left out</param>
    /// <param name="labels">their classes, N</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public static Calibration Fit(IReadOnlyList<float[]> logits, IReadOnlyList<int> labels)
    {
        CheckCounts(logits.Count, labels.Count);
        int[] usable = [.. Enumerable.Range(0, logits.Count).Where(i => AllFinite(logits[i]))];
        // cross-entropy is convex in 1 / T, with the derivative: the mean over samples of (expected logit - logit of the class)
        double Slope(double inverse) => usable.Sum(i => ExpectedLogit(logits[i], inverse) - logits[i][labels[i]]);
        double temperature = Find(Slope, out bool hasMinimum);
        return Measure(temperature, hasMinimum, usable.Length, (loss, error, t) =>
        {
            foreach (int i in usable)
            {
                float[] scaled = Divided(logits[i], t);
                loss.Update(scaled, labels[i]);
                error.Update(scaled, labels[i]);
            }
        });
    }

    /// <summary>The temperature of the least mean cross-entropy of the sigmoid over samples of several labels.</summary>
    /// <param name="logits">N rows of K; those with values that are no numbers are left out</param>
    /// <param name="targets">N rows of K, in [0, 1]</param>
    /// <exception cref="ArgumentException">There are not as many rows of both.</exception>
    public static Calibration Fit(IReadOnlyList<float[]> logits, IReadOnlyList<float[]> targets)
    {
        CheckCounts(logits.Count, targets.Count);
        int[] usable = [.. Enumerable.Range(0, logits.Count).Where(i => AllFinite(logits[i]))];
        double Slope(double inverse)
        {
            double sum = 0;
            foreach (int i in usable)
                for (int k = 0; k < logits[i].Length; k++)
                    sum += logits[i][k] * (Logits.Sigmoid(logits[i][k] * inverse) - targets[i][k]);
            return sum;
        }
        double temperature = Find(Slope, out bool hasMinimum);
        return Measure(temperature, hasMinimum, usable.Length, (loss, error, t) =>
        {
            foreach (int i in usable)
            {
                float[] scaled = Divided(logits[i], t);
                loss.Update(scaled, targets[i]);
                error.Update(scaled, targets[i]);
            }
        });
    }

    /// <summary>Where the slope of a convex function of 1 / T is 0, by halving an interval of log T.</summary>
    static double Find(Func<double, double> slope, out bool hasMinimum)
    {
        double low = Math.Log(1 / Highest), high = Math.Log(1 / Lowest); // of 1 / T
        hasMinimum = slope(1 / Lowest) > 0;
        // the loss only falls as probabilities go to 1: every sample is right, and their number says too little to go by
        if (!hasMinimum) return 1;
        if (slope(1 / Highest) >= 0) return Highest; // no better than guessing
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (slope(Math.Exp(middle)) > 0) high = middle;
            else low = middle;
        }
        return Math.Exp(-(low + high) / 2);
    }

    static Calibration Measure(
        double temperature, bool hasMinimum, int samples, Action<MeanLoss, CalibrationError, double> add)
    {
        (MeanLoss lossBefore, MeanLoss lossAfter) = (new MeanLoss(), new MeanLoss());
        (CalibrationError errorBefore, CalibrationError errorAfter) = (new CalibrationError(), new CalibrationError());
        add(lossBefore, errorBefore, 1);
        add(lossAfter, errorAfter, temperature);
        return new Calibration
        {
            Temperature = temperature,
            HasMinimum = hasMinimum,
            Samples = samples,
            LossBefore = lossBefore.Compute(),
            LossAfter = lossAfter.Compute(),
            ErrorBefore = errorBefore.Compute(),
            ErrorAfter = errorAfter.Compute(),
        };
    }

    /// <summary>The mean of the logits under the softmax of the logits times a factor.</summary>
    static double ExpectedLogit(ReadOnlySpan<float> logits, double factor)
    {
        double largest = logits[Logits.ArgMax(logits)], all = 0, sum = 0;
        foreach (float logit in logits)
        {
            double share = Math.Exp((logit - largest) * factor);
            all += share;
            sum += share * logit;
        }
        return sum / all;
    }

    static float[] Divided(float[] logits, double temperature) =>
        temperature == 1 ? logits : Array.ConvertAll(logits, logit => (float)(logit / temperature));

    static bool AllFinite(float[] row)
    {
        foreach (float value in row)
            if (!float.IsFinite(value)) return false;
        return row.Length > 0;
    }

    static void CheckCounts(int rows, int truths)
    {
        if (rows != truths) throw new ArgumentException($"expected as many truths as rows of logits, {rows}, came {truths}");
    }
}
