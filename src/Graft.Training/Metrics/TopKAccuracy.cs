namespace Graft.Training;

/// <summary>
/// Share of samples whose class is among the k most probable ones. Of equal logits the first counts as more probable.
/// </summary>
public sealed class TopKAccuracy : IMetric
{
    long count, right;

    /// <summary>A measure.</summary>
    /// <param name="k">How many classes may be named. <value>5.</value></param>
    public TopKAccuracy(int k = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>How many classes may be named.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public string Name => $"top{K}_accuracy";

    /// <inheritdoc/>
    public void Reset() => (count, right) = (0, 0);

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        count++;
        if (Logits.Rank(logits, label) < K) right++;
    }

    /// <inheritdoc/>
    public double Compute() => count > 0 ? (double)right / count : double.NaN;
}
