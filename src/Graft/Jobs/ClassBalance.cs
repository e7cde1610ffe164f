using Graft.Data;

namespace Graft;

/// <summary>What is done about classes of which there are few training images: see <see cref="BalanceKind"/>.</summary>
/// <param name="Weights">a weight for each class, for the loss; null: none</param>
/// <param name="Draws">whether every class is drawn equally often</param>
/// <param name="Note">what its user should know; null: nothing</param>
sealed record ClassBalance(IReadOnlyList<float>? Weights, bool Draws, string? Note)
{
    const double Imbalance = 10;

    /// <summary>Nothing is done.</summary>
    public static ClassBalance None { get; } = new(null, false, null);

    /// <summary>What that choice comes to for those images.</summary>
    /// <exception cref="ArgumentException">It is nothing for such labels.</exception>
    public static ClassBalance Of(BalanceKind choice, ImageDataset training)
    {
        if (choice == BalanceKind.None) return None;
        if (choice == BalanceKind.Median)
            throw new ArgumentException("balance median: made for the pixels of masks; whole images have none. Use weights.");
        if (training.Kind == LabelKind.Number)
            return choice == BalanceKind.Auto ? None
                : throw new ArgumentException("balance: numbers have no classes. Leave it at auto or none.");
        int[] counts = training.CountsByClass();
        if (training.Kind == LabelKind.Multiple)
        {
            if (choice == BalanceKind.Sampler)
                throw new ArgumentException("balance: with several labels an image, classes can't be drawn apart. Use weights.");
            return new(choice == BalanceKind.Weights ? OfPositives(counts, training.Count) : null, false, null);
        }
        if (choice == BalanceKind.Sampler) return new(null, true, null);
        double[] weights = Inverse(counts);
        if (choice == BalanceKind.Weights) return new([.. weights.Select(weight => (float)weight)], false, null);
        int least = counts.Where(count => count > 0).DefaultIfEmpty(0).Min(), most = counts.Max();
        if (most < Imbalance * least) return None;
        double[] roots = [.. weights.Select(Math.Sqrt)];
        double mean = counts.Zip(roots, (count, root) => count * root).Sum() / training.Count;
        return new(
            [.. roots.Select(root => (float)(root / mean))], false,
            $"classes have from {least} to {most} training images: the loss is weighted by the roots of inverse frequencies " +
            "(--balance none leaves it)");
    }

    // N / (K n), so that all classes weigh the same and an image weighs 1 in the mean; a class without images does not count
    static double[] Inverse(int[] counts)
    {
        int present = counts.Count(count => count > 0);
        double all = counts.Sum();
        return [.. counts.Select(count => count == 0 ? 1 : all / ((double)present * count))];
    }

    // as many negatives as there are for each positive
    static float[] OfPositives(int[] counts, int images) =>
        [.. counts.Select(count => count == 0 || count == images ? 1f : (images - count) / (float)count)];
}
