namespace Graft.Training;

/// <summary>
/// A measure of a classifier that is summed up as its outputs come, and is exact over all of them: batches of other sizes give
/// the same value. Reset, update, compute, as in PyTorch-Ignite.
/// </summary>
public interface IMetric
{
    /// <summary>What logs call it: <c>accuracy</c>.</summary>
    string Name { get; }

    /// <summary>Forgets what was added.</summary>
    void Reset();

    /// <summary>Adds one sample.</summary>
    /// <param name="logits">the network's output for it, [K]</param>
    /// <param name="label">its class, in 0 .. K - 1</param>
    void Update(ReadOnlySpan<float> logits, int label);

    /// <summary>The measure of what was added; NaN when nothing was.</summary>
    double Compute();
}
