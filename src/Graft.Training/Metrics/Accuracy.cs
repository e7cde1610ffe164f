namespace Graft.Training;

/// <summary>Share of samples whose predicted class is the right one.</summary>
public sealed class Accuracy : IMetric
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <summary>Samples.</summary>
    public long Count { get; private set; }

    /// <summary>Samples predicted rightly.</summary>
    public long Right { get; private set; }

    /// <inheritdoc/>
    public void Reset() => (Count, Right) = (0, 0);

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label) => Update(right: Logits.ArgMax(logits) == label ? 1 : 0, count: 1);

    /// <summary>Adds a batch of which the right ones are counted already.</summary>
    public void Update(long right, long count)
    {
        Right += right;
        Count += count;
    }

    /// <inheritdoc/>
    public double Compute() => Count > 0 ? (double)Right / Count : double.NaN;
}
