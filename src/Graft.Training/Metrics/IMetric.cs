namespace Graft.Training;

/// <summary>
/// A measure of a model that is summed up as its outputs come, and is exact over all of them: batches of other sizes give
/// the same value. Reset, update, compute, as in PyTorch-Ignite.
/// </summary>
public interface IMetric
{
    /// <summary>What logs call it: <c>accuracy</c>.</summary>
    string Name { get; }

    /// <summary>Forgets what was added.</summary>
    void Reset();

    /// <summary>Adds one sample that has one class.</summary>
    /// <param name="logits">the network's output for it, [K]</param>
    /// <param name="label">its class, in 0 .. K - 1</param>
    /// <exception cref="NotSupportedException">It measures something else.</exception>
    void Update(ReadOnlySpan<float> logits, int label) =>
        throw new NotSupportedException($"{Name}: expected targets of several labels or numbers, came one class");

    /// <summary>Adds one sample that has several labels, or numbers.</summary>
    /// <param name="outputs">the network's output for it: logits [K], or numbers [D]</param>
    /// <param name="targets">1 for each label that it has and 0 for the others, [K]; or its numbers, [D]</param>
    /// <exception cref="NotSupportedException">It measures something else.</exception>
    void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets) =>
        throw new NotSupportedException($"{Name}: expected one class, came targets of several labels or numbers");

    /// <summary>Adds the classes of the pixels of one image.</summary>
    /// <param name="predicted">the class that each pixel was taken for, row by row, [H, W]</param>
    /// <param name="truth">its class; negative where it does not count, as -100 does not</param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    /// <exception cref="NotSupportedException">It measures something else.</exception>
    void UpdateMask(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width) =>
        throw new NotSupportedException($"{Name}: expected something else than the classes of pixels");

    /// <summary>The measure of what was added; NaN when nothing was.</summary>
    double Compute();
}
