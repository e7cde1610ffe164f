namespace Graft.Training;

/// <summary>
/// Which class how many pixels of each class were taken for, over a whole data set, and what follows from it. The sums are whole
/// numbers: the order of images and the size of batches change nothing. A pixel whose true class is negative, such as -100, does
/// not count at all, whatever it was taken for.
/// </summary>
/// <remarks>
/// With the pixels T that are of a class and taken for it, F taken for it wrongly, M of it but missed: a class is absent where
/// T + F + M = 0, neither in the truth nor in any prediction. An absent class has no score: its own is NaN, and means leave it
/// out, as torchmetrics' <c>JaccardIndex</c> does since 1.0. A class that does not occur but was predicted, T + M = 0 &lt; F,
/// scores 0 in IoU and Dice and counts in their means; it has no accuracy (0 / 0), and the mean accuracy leaves it out.
/// </remarks>
public sealed class PixelConfusion : IMetric
{
    readonly long[] counts; // [K, K]: actual, predicted

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classes">the number of classes, K</param>
    public PixelConfusion(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        counts = new long[(long)classes * classes];
    }

    /// <inheritdoc/>
    public string Name => "miou";

    /// <summary>The number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>Pixels that count.</summary>
    public long Count { get; private set; }

    /// <summary>How many pixels of a class were taken for another, or for the same.</summary>
    public long this[int actual, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
            return counts[actual * Classes + predicted];
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The sizes differ, or a number is no class.</exception>
    public void UpdateMask(ReadOnlySpan<long> predicted, ReadOnlySpan<long> truth, int height, int width)
    {
        MetricChecks.Maps(predicted, truth, height, width);
        ulong classes = (ulong)Classes;
        long counted = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            long actual = truth[i], taken = predicted[i];
            if (actual < 0) continue;
            if ((ulong)actual >= classes || (ulong)taken >= classes)
                throw new ArgumentException($"expected classes from 0 to {Classes - 1}, came {actual} taken for {taken}");
            counts[actual * Classes + taken]++;
            counted++;
        }
        Count += counted;
    }

    /// <summary>Adds what another matrix has counted.</summary>
    /// <exception cref="ArgumentException">It is of another number of classes.</exception>
    public void Add(PixelConfusion other)
    {
        if (other.Classes != Classes)
            throw new ArgumentException($"expected a matrix of {Classes} classes, came one of {other.Classes}", nameof(other));
        for (int i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
        Count += other.Count;
    }

    /// <summary>Pixels of a class.</summary>
    public long Actual(int label)
    {
        long sum = 0;
        for (int k = 0; k < Classes; k++) sum += this[label, k];
        return sum;
    }

    /// <summary>Pixels taken for a class.</summary>
    public long Predicted(int label)
    {
        long sum = 0;
        for (int k = 0; k < Classes; k++) sum += this[k, label];
        return sum;
    }

    /// <summary>Intersection over union of a class, T / (T + F + M), the Jaccard index; NaN where it is absent.</summary>
    public double IoU(int label) => Ratio(this[label, label], Actual(label) + Predicted(label) - this[label, label]);

    /// <summary>Dice's coefficient of a class, 2 T / (2 T + F + M), which is its F1; NaN where it is absent.</summary>
    public double Dice(int label) => Ratio(2 * this[label, label], Actual(label) + Predicted(label));

    /// <summary>Share of the class's pixels taken for it, T / (T + M): its recall; NaN where it does not occur.</summary>
    public double Accuracy(int label) => Ratio(this[label, label], Actual(label));

    /// <summary>Share of the pixels taken for the class that are of it, T / (T + F); NaN where none was.</summary>
    public double Precision(int label) => Ratio(this[label, label], Predicted(label));

    /// <summary>The mean IoU of the classes that are not absent; NaN when nothing was added.</summary>
    public double MeanIoU() => Mean(IoU);

    /// <summary>The mean Dice coefficient of the classes that are not absent; NaN when nothing was added.</summary>
    public double MeanDice() => Mean(Dice);

    /// <summary>The mean accuracy of the classes that occur. Long et al. 2015, arXiv:1411.4038.</summary>
    public double MeanAccuracy() => Mean(Accuracy);

    /// <summary>Share of pixels taken for their class; NaN when nothing was added.</summary>
    public double PixelAccuracy()
    {
        long right = 0;
        for (int k = 0; k < Classes; k++) right += this[k, k];
        return Ratio(right, Count);
    }

    /// <summary>The classes' IoU, each counting by its share of the true pixels. Long et al. 2015, arXiv:1411.4038.</summary>
    public double FrequencyWeightedIoU()
    {
        double sum = 0;
        for (int k = 0; k < Classes; k++)
            if (Actual(k) is > 0 and var pixels) sum += pixels * IoU(k);
        return Count > 0 ? sum / Count : double.NaN;
    }

    /// <summary><see cref="MeanIoU"/>.</summary>
    public double Compute() => MeanIoU();

    /// <summary>The rows: [K][K], actual by predicted.</summary>
    public long[][] ToArray() =>
        [.. Enumerable.Range(0, Classes).Select(row => counts.AsSpan(row * Classes, Classes).ToArray())];

    double Mean(Func<int, double> score)
    {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < Classes; k++)
            if (score(k) is var one && !double.IsNaN(one)) (sum, present) = (sum + one, present + 1);
        return present > 0 ? sum / present : double.NaN;
    }

    static double Ratio(long part, long whole) => whole > 0 ? (double)part / whole : double.NaN;
}
