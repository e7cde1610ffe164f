using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Graft.Data;

/// <summary>Cutting a data set into training and validation.</summary>
public static class Split
{
    /// <summary>
    /// Puts a share of every class aside for validation. Which images is decided by a hash of the seed and each image's name
    /// alone: neither the order of the files nor the place of the folder changes the split, and an added image moves at most one
    /// other. A class of two or more images has at least one on each side; a single image is for training.
    /// </summary>
    /// <param name="samples">The images.</param>
    /// <param name="fraction">The share of each class that goes to validation, in (0, 1); rounded to whole images, halves
    /// up.</param>
    /// <param name="seed">Another seed gives another split.</param>
    /// <returns>Both parts, in the order of <paramref name="samples"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidDataException">No class has two images, so that nothing is left for validation.</exception>
    public static (IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Validation) Stratified(
        IReadOnlyList<Sample> samples, double fraction, ulong seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(
                nameof(fraction), fraction, "expected a share for validation between 0 and 1, such as 0.2");
        HashSet<int> validating = []; // places in samples
        foreach (IGrouping<int, int> group in Enumerable.Range(0, samples.Count).GroupBy(i => samples[i].Label))
        {
            int[] places = [.. group];
            if (places.Length < 2) continue;
            int wanted = (int)Math.Round(places.Length * fraction, MidpointRounding.AwayFromZero);
            int taken = Math.Clamp(wanted, 1, places.Length - 1);
            IEnumerable<int> drawn = places
                .OrderBy(place => Draw(seed, samples[place].Name))
                .ThenBy(place => samples[place].Name, CodePointComparer.Instance);
            validating.UnionWith(drawn.Take(taken));
        }
        if (validating.Count == 0)
            throw new InvalidDataException(
                $"{samples.Count} images, at most one of each class: nothing is left for validation. Give at least two.");
        List<Sample> train = [], validation = [];
        for (int i = 0; i < samples.Count; i++) (validating.Contains(i) ? validation : train).Add(samples[i]);
        return (train, validation);
    }

    /// <summary>
    /// Puts a share aside for validation, whatever is known of the images: of one class each, as
    /// <see cref="Stratified(IReadOnlyList{Sample}, double, ulong)"/>; of several labels, each label by iterative stratification
    /// (Sechidis et al. 2011); of numbers, each tenth (or wider part) of a column's values.
    /// </summary>
    /// <param name="dataset">The images.</param>
    /// <param name="fraction">The share that goes to validation, in (0, 1).</param>
    /// <param name="seed">Another seed gives another split.</param>
    /// <returns>Both parts, in the order of the data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="InvalidDataException">There are too few images.</exception>
    public static (IReadOnlyList<Sample> Train, IReadOnlyList<Sample> Validation) Stratified(
        ImageDataset dataset, double fraction, ulong seed)
    {
        if (dataset.Kind == LabelKind.Single) return Stratified(dataset.Samples, fraction, seed);
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(
                nameof(fraction), fraction, "expected a share for validation between 0 and 1, such as 0.2");
        if (dataset.Count < 2)
            throw new InvalidDataException($"{dataset.Count} images: nothing is left for validation. Give at least two.");
        int[] parts = Assign(dataset, [1 - fraction, fraction], seed);
        // of very few, rounding may leave one side without any
        if (!parts.Contains(1)) parts[FirstDrawn(dataset, seed)] = 1;
        if (!parts.Contains(0)) parts[FirstDrawn(dataset, seed)] = 0;
        return ([.. dataset.Samples.Where(sample => parts[sample.Index] == 0)],
            [.. dataset.Samples.Where(sample => parts[sample.Index] == 1)]);
    }

    /// <summary>
    /// Deals images out into folds of nearly the same size, each class, label or range of numbers as evenly as can be. The order
    /// of the images does not matter.
    /// </summary>
    /// <param name="dataset">The images.</param>
    /// <param name="count">How many folds, from 2.</param>
    /// <param name="seed">Another seed deals otherwise.</param>
    /// <returns>The fold of each image, from 0.</returns>
    /// <exception cref="InvalidDataException">There are fewer images than folds.</exception>
    public static int[] Folds(ImageDataset dataset, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (dataset.Count < count)
            throw new InvalidDataException(
                $"{dataset.Name}: {dataset.Count} images can't be dealt out into {count} folds. Ask for fewer.");
        if (dataset.Kind != LabelKind.Single) return Assign(dataset, [.. Enumerable.Repeat(1.0 / count, count)], seed);
        // class after class, dealt on from where the class before ended: sizes differ by at most one
        int[] folds = new int[dataset.Count];
        int next = 0;
        foreach (int place in Enumerable.Range(0, dataset.Count).OrderBy(i => dataset.Samples[i].Label)
            .ThenBy(i => Draw(seed, dataset.Samples[i].Name))
            .ThenBy(i => dataset.Samples[i].Name, CodePointComparer.Instance))
            folds[place] = next++ % count;
        return folds;
    }

    /// <summary>The numbers of the classes that an image has.</summary>
    internal static int[] LabelsOf(Sample sample) => sample.PixelCounts is { } pixels
        ? [.. Enumerable.Range(0, pixels.Length - 1).Where(i => pixels[i] > 0)]
        : sample.Targets is not { } targets ? [sample.Label]
        : [.. Enumerable.Range(0, targets.Length).Where(i => targets[i] >= 0.5f)];

    static int[] Assign(ImageDataset dataset, double[] shares, ulong seed)
    {
        const int MostBins = 10;
        ulong[] draws = [.. dataset.Samples.Select(sample => Draw(seed, sample.Name))];
        int[][] labels = [.. dataset.Samples.Select(LabelsOf)];
        int labelCount = dataset.Classes.Count;
        if (dataset.Kind == LabelKind.Number)
        {
            // so many that each has an image for the smallest part
            int bins = Math.Clamp((int)(dataset.Count * shares.Min()), 1, MostBins);
            (labels, labelCount) = Stratification.QuantileBins([.. dataset.Samples.Select(sample => sample.Targets!)], bins);
        }
        return Stratification.Assign(labels, labelCount, shares, draws);
    }

    static int FirstDrawn(ImageDataset dataset, ulong seed) =>
        Enumerable.Range(0, dataset.Count).MinBy(i => Draw(seed, dataset.Samples[i].Name));

    internal static ulong Draw(ulong seed, string name)
    {
        byte[] keyed = new byte[sizeof(ulong) + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteUInt64LittleEndian(keyed, seed);
        Encoding.UTF8.GetBytes(name, keyed.AsSpan(sizeof(ulong)));
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(keyed));
    }
}
