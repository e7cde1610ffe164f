namespace Graft.Data;

/// <summary>
/// Smaller training sets, to see what few examples do. Which images is decided by the seed and their names; smaller subsets are
/// within larger ones of the same seed.
/// </summary>
public static class Subset
{
    /// <summary>
    /// So many images of each class. Of several labels, images are added until each label has as many (an image counts for every
    /// label it has); rarer labels choose first.
    /// </summary>
    /// <param name="dataset">The images.</param>
    /// <param name="shots">Images a class, from 1; a class with fewer gives all it has.</param>
    /// <param name="seed">Another seed chooses others.</param>
    /// <exception cref="InvalidDataException">The images have numbers, and so no classes.</exception>
    public static ImageDataset Shots(ImageDataset dataset, int shots, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        if (dataset.Kind == LabelKind.Number)
            throw new InvalidDataException(
                $"{dataset.Name}: shots are images of each class, and these images have numbers. Give a limit instead.");
        int[] order = Ordered(dataset, seed);
        int[][] labels = [.. dataset.Samples.Select(Split.LabelsOf)];
        int[] all = dataset.CountsByClass(), chosen = new int[all.Length];
        Queue<int>[] waiting = [.. all.Select(_ => new Queue<int>())];
        foreach (int place in order)
            foreach (int label in labels[place]) waiting[label].Enqueue(place);
        int[] rarestFirst = [.. Enumerable.Range(0, all.Length).OrderBy(label => all[label])];
        HashSet<int> taken = [];
        // round by round, so that what fewer rounds have taken is part of what more rounds take
        for (int round = 1; round <= shots; round++)
            foreach (int label in rarestFirst)
            {
                while (chosen[label] < round && waiting[label].TryDequeue(out int place))
                {
                    if (!taken.Add(place)) continue;
                    foreach (int each in labels[place]) chosen[each]++;
                }
            }
        return dataset.With(dataset.Name, dataset.Samples.Where(sample => taken.Contains(sample.Index)));
    }

    /// <summary>So many images in all, each class in its share as far as whole images allow.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="limit">Images, from 1; more than there are gives all.</param>
    /// <param name="seed">Another seed chooses others.</param>
    public static ImageDataset Limit(ImageDataset dataset, int limit, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (limit >= dataset.Count) return dataset;
        int[] order = Ordered(dataset, seed);
        IEnumerable<int> taken = order.Take(limit);
        if (dataset.Kind == LabelKind.Single)
        {
            // an image that is i-th of n of its class stands at (i + 1/2) / n: any first part has each class in its share
            int[] counts = dataset.CountsByClass(), seen = new int[counts.Length];
            taken = order.Select(place =>
            {
                int label = dataset.Samples[place].Label;
                return (Place: place, At: (seen[label]++ + 0.5) / counts[label]);
            }).OrderBy(each => each.At).Select(each => each.Place).Take(limit);
        }
        HashSet<int> places = [.. taken];
        return dataset.With(dataset.Name, dataset.Samples.Where(sample => places.Contains(sample.Index)));
    }

    static int[] Ordered(ImageDataset dataset, ulong seed) =>
    [
        .. Enumerable.Range(0, dataset.Count).OrderBy(i => Split.Draw(seed, dataset.Samples[i].Name))
            .ThenBy(i => dataset.Samples[i].Name, CodePointComparer.Instance),
    ];
}
