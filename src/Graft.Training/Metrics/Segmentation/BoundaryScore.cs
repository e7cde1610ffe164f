namespace Graft.Training;

/// <summary>
/// Boundary F: how well the outlines of the classes are met. In each image and for each class, precision is the share of the
/// predicted outline that lies within a tolerance of the true one, recall the share of the true outline within it of the
/// predicted one, F their harmonic mean. Csurka et al. 2013 (BMVC, "What is a good evaluation measure for semantic
/// segmentation?"), whose tolerance is 0.75 % of the image's diagonal, rounded up to whole pixels; contours and empty ones as
/// in DAVIS, Perazzi et al. 2016.
/// </summary>
/// <remarks>
/// A pixel is of a class's outline where the pixel to its right, below it, or right below it is on the other side: of the class
/// where it is not, or not where it is. Distances are Euclidean, of pixels' centres. A pixel without a true class parts
/// nothing: no outline runs along it. An image counts for a class where the class is in its truth or its prediction; with an
/// outline on one side only it scores 0, with none on both (the class fills the image) 1. The score of a class is the mean over
/// these images, the whole the mean over the classes that have one.
/// </remarks>
public sealed class BoundaryScore : IMetric
{
    /// <summary>The tolerance of Csurka et al., as a share of the diagonal.</summary>
    public const double UsualTolerance = 0.0075;

    readonly double tolerance;
    readonly double[] sums;
    readonly long[] images;

    /// <summary>Scores of which nothing was added yet.</summary>
    /// <param name="classes">the number of classes, K</param>
    /// <param name="tolerance">how far an outline may be off, as a share of the image's diagonal. <value>0.0075</value></param>
    public BoundaryScore(int classes, double tolerance = UsualTolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!(tolerance is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "expected a share from 0 to 1");
        this.tolerance = tolerance;
        sums = new double[classes];
        images = new long[classes];
    }

    /// <inheritdoc/>
    public string Name => "boundary_f";

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(sums);
        Array.Clear(images);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The sizes differ, or a number is no class.</exception>
    public void UpdateMask(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width)
    {
        MetricChecks.Maps(predicted, truth, height, width);
        bool[] isThere = new bool[sums.Length];
        for (int i = 0; i < truth.Length; i++)
        {
            if (truth[i] < 0) continue;
            if (truth[i] >= sums.Length || (ulong)predicted[i] >= (ulong)sums.Length)
                throw new ArgumentException($"expected classes from 0 to {sums.Length - 1}, came {truth[i]} and {predicted[i]}");
            isThere[truth[i]] = isThere[predicted[i]] = true;
        }
        var actual = new Outline(height, width);
        var found = new Outline(height, width);
        int radius = (int)Math.Ceiling(tolerance * Math.Sqrt((double)height * height + (double)width * width));
        for (int k = 0; k < sums.Length; k++)
        {
            if (!isThere[k]) continue;
            actual.Draw(truth, truth, k, radius);
            found.Draw(predicted, truth, k, radius);
            images[k]++;
            sums[k] += F(found, actual, radius);
        }
    }

    /// <summary>The score of a class; NaN where no image had it.</summary>
    public double Of(int label) => images[label] > 0 ? sums[label] / images[label] : double.NaN;

    /// <inheritdoc/>
    public double Compute()
    {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < sums.Length; k++)
            if (images[k] > 0) (sum, present) = (sum + Of(k), present + 1);
        return present > 0 ? sum / present : double.NaN;
    }

    static double F(Outline found, Outline actual, int radius)
    {
        if (found.Length == 0 && actual.Length == 0) return 1;
        if (found.Length == 0 || actual.Length == 0) return 0;
        double precision = (double)found.CountNear(actual, radius) / found.Length;
        double recall = (double)actual.CountNear(found, radius) / actual.Length;
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }
}
