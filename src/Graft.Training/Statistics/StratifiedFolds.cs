using Graft.Imaging;

namespace Graft.Training;

/// <summary>Cuts samples into folds that each have about the same share of every class.</summary>
public static class StratifiedFolds
{
    /// <summary>
    /// The fold of each sample. Folds differ by at most one sample of each class, and by at most one altogether.
    /// </summary>
    /// <param name="labels">the class of each sample</param>
    /// <param name="folds">how many folds</param>
    /// <param name="seed">another seed gives other folds</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two folds.</exception>
    public static int[] Of(IReadOnlyList<int> labels, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        int[] places = new int[labels.Count];
        int next = 0;
        foreach (IGrouping<int, int> group in Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).OrderBy(one => one.Key))
            foreach (int i in group.OrderBy(i => new SampleRandom(seed, 0, (ulong)i).NextUInt64()).ThenBy(i => i))
                places[i] = next++ % folds; // where one class ends, the next goes on
        return places;
    }
}
