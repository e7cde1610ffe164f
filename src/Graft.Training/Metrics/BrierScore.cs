namespace Graft.Training;

/// <summary>
/// Mean squared error of the probabilities. Brier 1950. With three or more classes, the sum over the classes, in [0, 2]; with
/// two, that of one class, in [0, 1], as scikit-learn's <c>brier_score_loss</c> has both; with several labels, the mean over
/// the labels.
/// </summary>
public sealed class BrierScore : IMetric
{
    double sum;
    long count;

    /// <inheritdoc/>
    public string Name => "brier";

    /// <inheritdoc/>
    public void Reset() => (sum, count) = (0, 0);

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        double squares = 0, largest = logits[Logits.ArgMax(logits)], all = 0;
        for (int k = 0; k < logits.Length; k++) all += Math.Exp(logits[k] - largest);
        for (int k = 0; k < logits.Length; k++)
        {
            double error = Math.Exp(logits[k] - largest) / all - (k == label ? 1 : 0);
            squares += error * error;
        }
        sum += logits.Length == 2 ? squares / 2 : squares;
        count++;
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(outputs.Length, outputs, targets);
        double squares = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            double error = Logits.Sigmoid(outputs[k]) - targets[k];
            squares += error * error;
        }
        sum += squares / outputs.Length;
        count++;
    }

    /// <inheritdoc/>
    public double Compute() => count > 0 ? sum / count : double.NaN;
}
