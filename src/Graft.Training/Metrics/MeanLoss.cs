namespace Graft.Training;

/// <summary>
/// Mean loss over samples; batches weigh as many samples as they have. From logits: cross-entropy of the softmax; with several
/// labels, the mean over them of the cross-entropy of the sigmoid.
/// </summary>
public sealed class MeanLoss : IMetric
{
    double sum;

    /// <inheritdoc/>
    public string Name => "loss";

    /// <summary>Samples.</summary>
    public long Count { get; private set; }

    internal double Sum => sum;

    internal void Set(double total, long count) => (sum, Count) = (total, count);

    /// <inheritdoc/>
    public void Reset() => (sum, Count) = (0, 0);

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label) => Update(Logits.CrossEntropy(logits, label), count: 1);

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(outputs.Length, outputs, targets);
        double all = 0;
        for (int k = 0; k < outputs.Length; k++) all += Logits.BinaryCrossEntropy(outputs[k], targets[k]);
        Update(all / outputs.Length, count: 1);
    }

    /// <summary>Adds a batch by its mean.</summary>
    public void Update(double mean, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return; // whose mean is NaN
        sum += mean * count;
        Count += count;
    }

    /// <inheritdoc/>
    public double Compute() => Count > 0 ? sum / Count : double.NaN;
}
