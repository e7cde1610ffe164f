namespace Graft.Data;

/// <summary>
/// Deals samples that have several labels out into subsets so that each label is spread in the subsets' proportions: the label
/// with the fewest samples left goes first, each of its samples to the subset that still wants most of that label. Sechidis,
/// Tsoumakas and Vlahavas 2011, "On the Stratification of Multi-Label Data".
/// </summary>
static class Stratification
{
    /// <summary>The subset of each sample.</summary>
    /// <param name="labels">the labels of each sample, as numbers below <paramref name="labelCount"/></param>
    /// <param name="labelCount">how many labels there are</param>
    /// <param name="shares">the share of each subset; they add up to 1</param>
    /// <param name="draws">a number drawn for each sample: decides the order, and between subsets that want it alike</param>
    public static int[] Assign(IReadOnlyList<int[]> labels, int labelCount, double[] shares, IReadOnlyList<ulong> draws)
    {
        int count = labels.Count;
        int[] assigned = new int[count];
        Array.Fill(assigned, -1);
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => draws[i]).ThenBy(i => i)];

        int[] left = new int[labelCount];
        List<int>[] having = [.. Enumerable.Range(0, labelCount).Select(_ => new List<int>())];
        foreach (int sample in order)
            foreach (int label in labels[sample])
            {
                left[label]++;
                having[label].Add(sample);
            }
        double[] wanted = [.. shares.Select(share => share * count)];
        double[][] wantedOf = [.. shares.Select(share => left.Select(all => share * all).ToArray())];

        while (Rarest(left) is >= 0 and int label)
            foreach (int sample in having[label])
            {
                if (assigned[sample] >= 0) continue;
                Put(sample, Choose(draws[sample], subset => wantedOf[subset][label]));
            }
        foreach (int sample in order)
            if (assigned[sample] < 0) Put(sample, Choose(draws[sample], subset => wanted[subset]));
        return assigned;

        void Put(int sample, int subset)
        {
            assigned[sample] = subset;
            wanted[subset]--;
            foreach (int label in labels[sample])
            {
                wantedOf[subset][label]--;
                left[label]--;
            }
        }

        // The subset that wants most; of equal ones the one that wants most samples of any kind, then by the draw.
        int Choose(ulong draw, Func<int, double> wish)
        {
            const double Tolerance = 1e-9;
            double most = Enumerable.Range(0, shares.Length).Max(wish);
            int[] first = [.. Enumerable.Range(0, shares.Length).Where(subset => wish(subset) > most - Tolerance)];
            double space = first.Max(subset => wanted[subset]);
            int[] alike = [.. first.Where(subset => wanted[subset] > space - Tolerance)];
            return alike[(int)(draw % (ulong)alike.Length)];
        }
    }

    /// <summary>
    /// For numbers: each column is cut into bins of equally many samples, and a sample's labels are its bins. Equal numbers share
    /// a bin.
    /// </summary>
    /// <param name="targets">[N][D]</param>
    /// <param name="bins">how many a column</param>
    public static (int[][] Labels, int LabelCount) QuantileBins(IReadOnlyList<float[]> targets, int bins)
    {
        int count = targets.Count, width = targets[0].Length;
        int[][] labels = [.. targets.Select(row => new int[row.Length])];
        for (int column = 0; column < width; column++)
        {
            int[] order = [.. Enumerable.Range(0, count).OrderBy(i => targets[i][column])];
            int bin = 0;
            for (int rank = 0; rank < count; rank++)
            {
                bool equal = rank > 0 && targets[order[rank]][column] == targets[order[rank - 1]][column];
                if (!equal) bin = (int)((long)rank * bins / count);
                labels[order[rank]][column] = column * bins + bin;
            }
        }
        return (labels, width * bins);
    }

    // The label with the fewest samples left, if any has some.
    static int Rarest(int[] left)
    {
        int rarest = -1;
        for (int label = 0; label < left.Length; label++)
            if (left[label] > 0 && (rarest < 0 || left[label] < left[rarest])) rarest = label;
        return rarest;
    }
}
