using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// Every sample once, in an order drawn anew for each epoch from (seed, epoch): Fisher-Yates over a counter-based generator.
/// </summary>
public sealed class ShuffledSampler(int count, ulong seed) : ISampler
{
    const ulong Stream = ulong.MaxValue; // no sample has this index, so that no sample's draws are the order's

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public int[] Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        SampleRandom random = new(seed, (ulong)epoch, Stream);
        for (int left = count; left > 1; left--)
        {
            int drawn = random.Next(left);
            (order[left - 1], order[drawn]) = (order[drawn], order[left - 1]);
        }
        return order;
    }
}
