namespace Graft.Training;

/// <summary>
/// One squared distance that the kernel weighs with a length scale of its own: of a number's coordinates, or of a category's
/// values by a table.
/// </summary>
/// <param name="Dimension">whose coordinate</param>
/// <param name="Table">[K, K] squared distances between a category's values; null for a number</param>
sealed record KernelFeature(int Dimension, double[,]? Table)
{
    public double SquaredDistance(double[] one, double[] other)
    {
        double a = one[Dimension], b = other[Dimension];
        return Table is null ? (a - b) * (a - b) : Table[(int)a, (int)b];
    }

    /// <summary>
    /// The features of a space: one for each number; for each category one that is 1 where values differ, and another by their
    /// names where these are made of parts that several share (<c>resnet50</c>, <c>resnet50d</c>).
    /// </summary>
    public static KernelFeature[] Of(IReadOnlyList<Dimension> dimensions)
    {
        List<KernelFeature> features = [];
        for (int d = 0; d < dimensions.Count; d++)
        {
            if (!dimensions[d].IsCategory)
            {
                features.Add(new(d, null));
                continue;
            }
            IReadOnlyList<string> labels = dimensions[d].Labels;
            double[,] differs = new double[labels.Count, labels.Count];
            for (int i = 0; i < labels.Count; i++)
                for (int j = 0; j < labels.Count; j++) differs[i, j] = i == j ? 0 : 1;
            features.Add(new(d, differs));
            if (NameDistance.Of(labels) is { } names) features.Add(new(d, names));
        }
        return [.. features];
    }
}
