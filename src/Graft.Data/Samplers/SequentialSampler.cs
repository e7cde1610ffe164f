namespace Graft.Data;

/// <summary>Every sample once, in the order of the data set.</summary>
public sealed class SequentialSampler(int count) : ISampler
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public int[] Order(int epoch) => [.. Enumerable.Range(0, count)];
}
