using System.Runtime.InteropServices;

namespace Graft.Training;

/// <summary>
/// One class against the rest, threshold by threshold from the highest score down: how many samples are above, and how many of
/// them are of the class. Equal scores share a threshold.
/// </summary>
readonly struct RankingCurve
{
    readonly long[] taken, right; // at each threshold
    readonly bool isBroken;

    RankingCurve(long[] taken, long[] right, bool isBroken) => (this.taken, this.right, this.isBroken) = (taken, right, isBroken);

    public long Count => taken.Length > 0 ? taken[^1] : 0;

    public long Positives => right.Length > 0 ? right[^1] : 0;

    public static RankingCurve Of(List<float> scores, List<bool> truths)
    {
        float[] keys = CollectionsMarshal.AsSpan(scores).ToArray();
        bool[] hits = CollectionsMarshal.AsSpan(truths).ToArray();
        bool isBroken = false;
        for (int i = 0; i < keys.Length; i++)
        {
            isBroken |= float.IsNaN(keys[i]);
            keys[i] = -keys[i];
        }
        Array.Sort(keys, hits);
        List<long> taken = [], right = [];
        long found = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (hits[i]) found++;
            if (i + 1 < keys.Length && keys[i + 1] == keys[i]) continue;
            taken.Add(i + 1);
            right.Add(found);
        }
        return new RankingCurve([.. taken], [.. right], isBroken);
    }

    public double Auc()
    {
        long positives = Positives, negatives = Count - positives;
        if (positives == 0 || negatives == 0 || isBroken) return double.NaN;
        double area = 0, before = 0, wrongBefore = 0;
        for (int i = 0; i < taken.Length; i++)
        {
            double wrong = taken[i] - right[i];
            area += (wrong - wrongBefore) * (right[i] + before) / 2;
            (before, wrongBefore) = (right[i], wrong);
        }
        return area / ((double)positives * negatives);
    }

    public double AveragePrecision()
    {
        if (isBroken || Count == 0) return double.NaN;
        if (Positives == 0) return 0;
        double sum = 0, before = 0;
        for (int i = 0; i < taken.Length; i++)
        {
            sum += (right[i] - before) * right[i] / taken[i];
            before = right[i];
        }
        return sum / Positives;
    }

    public IReadOnlyList<(double FalsePositiveRate, double TruePositiveRate)> Roc()
    {
        long positives = Positives, negatives = Count - positives;
        if (positives == 0 || negatives == 0 || isBroken) return [];
        List<(double, double)> points = [(0, 0)];
        for (int i = 0; i < taken.Length; i++)
            points.Add(((double)(taken[i] - right[i]) / negatives, (double)right[i] / positives));
        return points;
    }

    public IReadOnlyList<(double Recall, double Precision)> PrecisionRecall()
    {
        if (Positives == 0 || isBroken) return [];
        List<(double, double)> points = [(0, 1)];
        for (int i = 0; i < taken.Length; i++) points.Add(((double)right[i] / Positives, (double)right[i] / taken[i]));
        return points;
    }
}
