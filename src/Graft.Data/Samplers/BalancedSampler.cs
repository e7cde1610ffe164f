using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// As many samples as there are, but from each class equally many: of a small class every sample comes again and again, of a
/// large one each epoch has other samples. All is drawn from (seed, epoch); no sample comes once more before all others of its
/// class came.
/// </summary>
public sealed class BalancedSampler : ISampler
{
    const ulong Stream = ulong.MaxValue - 1; // no sample has this index, nor has the plain shuffle

    readonly int[][] members;
    readonly ulong seed;

    /// <summary>A sampler of these samples.</summary>
    /// <param name="labels">the class of each sample</param>
    /// <param name="seed">decides the draws</param>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public BalancedSampler(IReadOnlyList<int> labels, ulong seed)
    {
        if (labels.Count == 0) throw new ArgumentException("expected at least one sample, came none", nameof(labels));
        this.seed = seed;
        Count = labels.Count;
        members = [.. Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).OrderBy(group => group.Key)
            .Select(group => group.ToArray())];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int[] Order(int epoch)
    {
        SampleRandom random = new(seed, (ulong)epoch, Stream);
        int[] classes = [.. Enumerable.Range(0, members.Length)];
        Shuffle(classes, ref random); // which classes have one more, where they do not divide the epoch
        int[] order = new int[Count];
        int filled = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            int[] its = members[classes[i]];
            int wanted = Count / members.Length + (i < Count % members.Length ? 1 : 0);
            while (wanted > 0)
            {
                int[] round = [.. its];
                Shuffle(round, ref random);
                int taken = Math.Min(wanted, round.Length);
                round.AsSpan(0, taken).CopyTo(order.AsSpan(filled));
                filled += taken;
                wanted -= taken;
            }
        }
        Shuffle(order, ref random);
        return order;
    }

    static void Shuffle(int[] items, ref SampleRandom random)
    {
        for (int left = items.Length; left > 1; left--)
        {
            int drawn = random.Next(left);
            (items[left - 1], items[drawn]) = (items[drawn], items[left - 1]);
        }
    }
}
