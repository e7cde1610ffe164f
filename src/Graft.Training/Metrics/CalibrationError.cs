namespace Graft.Training;

/// <summary>
/// Expected calibration error: by how much confidence and accuracy differ, in the mean over the predictions. They are sorted by
/// confidence into M bins of equal width; ECE = sum over the bins of |B| / N times |accuracy(B) - confidence(B)|. Naeini et al.
/// 2015; Guo et al. 2017, arXiv:1706.04599, whose 15 bins (low, high] these are.
/// </summary>
/// <remarks>
/// With one class a sample, a prediction is the most probable class, and its confidence that class's probability. With several
/// labels, each label of each sample is a prediction: its confidence is the label's probability, right is that the sample has
/// the label.
/// </remarks>
public sealed class CalibrationError : IMetric
{
    readonly double[] confidences;
    readonly long[] right, counts;

    /// <summary>Empty bins.</summary>
    /// <param name="bins">how many, M. <value>15</value></param>
    public CalibrationError(int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        confidences = new double[bins];
        right = new long[bins];
        counts = new long[bins];
    }

    /// <inheritdoc/>
    public string Name => "ece";

    /// <summary>Predictions.</summary>
    public long Count { get; private set; }

    /// <summary>The bins, from the least confidence to the highest.</summary>
    public IReadOnlyList<ReliabilityBin> Bins => [.. Enumerable.Range(0, counts.Length).Select(bin => new ReliabilityBin(
        Edge(bin), Edge(bin + 1), counts[bin], confidences[bin] / counts[bin], (double)right[bin] / counts[bin]))];

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(confidences);
        Array.Clear(right);
        Array.Clear(counts);
        Count = 0;
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        int predicted = Logits.ArgMax(logits);
        Update(Logits.Probability(logits, predicted), predicted == label);
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(outputs.Length, outputs, targets);
        for (int k = 0; k < outputs.Length; k++) Update(Logits.Sigmoid(outputs[k]), targets[k] > 0.5f);
    }

    /// <summary>Adds a prediction.</summary>
    /// <param name="confidence">in [0, 1]; one that is no number falls into the last bin and makes the error NaN</param>
    /// <param name="isRight">whether it is right</param>
    public void Update(double confidence, bool isRight)
    {
        int last = counts.Length - 1;
        int bin = double.IsNaN(confidence) ? last : Math.Clamp((int)Math.Ceiling(confidence * counts.Length) - 1, 0, last);
        // the edges are rounded numbers, too
        while (bin < last && confidence > Edge(bin + 1)) bin++;
        while (bin > 0 && confidence <= Edge(bin)) bin--;
        confidences[bin] += confidence;
        counts[bin]++;
        if (isRight) right[bin]++;
        Count++;
    }

    /// <inheritdoc/>
    public double Compute()
    {
        if (Count == 0) return double.NaN;
        double sum = 0;
        for (int bin = 0; bin < counts.Length; bin++) sum += Math.Abs(right[bin] - confidences[bin]);
        return sum / Count;
    }

    // as numpy.linspace
    double Edge(int bin) => bin == counts.Length ? 1 : bin * (1.0 / counts.Length);
}
