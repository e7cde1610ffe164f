namespace Graft.Training;

/// <summary>
/// How probable it is that a trial at a point comes to a result: the share of results among the trials around it, by a normal
/// kernel, with one more result everywhere. Trials fail by chance, which says nothing about where, or because a place is
/// hopeless (too large a rate, too large a batch), which shows when they do so side by side.
/// </summary>
sealed class Feasibility
{
    const double Reach = 0.15; // the kernel's width for one dimension; it grows with the root of their number, as distances do
    const double OtherCategory = 0.5; // as far as half of a number's range

    readonly Dimension[] dimensions;
    readonly double[][] good;
    readonly IReadOnlyList<double[]> failed;
    readonly double precision;

    public Feasibility(Dimension[] dimensions, double[][] good, IReadOnlyList<double[]> failed)
    {
        this.dimensions = dimensions;
        this.good = good;
        this.failed = failed;
        precision = 1 / (Reach * Reach * dimensions.Length);
    }

    /// <summary>The logarithm of the probability; adds its gradient by the coordinates that are numbers.</summary>
    /// <param name="point">[D]</param>
    /// <param name="gradient">[D] to add to; empty to leave it</param>
    public double Log(double[] point, Span<double> gradient)
    {
        if (failed.Count == 0) return 0;
        Span<double> goodBy = stackalloc double[point.Length], failedBy = stackalloc double[point.Length];
        double around = 1 + Weight(good, point, goodBy), lost = Weight(failed, point, failedBy);
        for (int d = 0; d < gradient.Length; d++)
            gradient[d] += goodBy[d] / around - (goodBy[d] + failedBy[d]) / (around + lost);
        return Math.Log(around / (around + lost));
    }

    double Weight(IReadOnlyList<double[]> points, double[] at, Span<double> by)
    {
        double sum = 0;
        foreach (double[] one in points)
        {
            double squared = 0;
            for (int d = 0; d < at.Length; d++)
            {
                double away = dimensions[d].IsCategory ? one[d] == at[d] ? 0 : OtherCategory : at[d] - one[d];
                squared += away * away;
            }
            double weight = Math.Exp(-0.5 * precision * squared);
            sum += weight;
            for (int d = 0; d < at.Length; d++)
                if (!dimensions[d].IsCategory) by[d] -= weight * precision * (at[d] - one[d]);
        }
        return sum;
    }
}
