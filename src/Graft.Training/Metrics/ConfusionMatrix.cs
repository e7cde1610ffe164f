namespace Graft.Training;

/// <summary>
/// How often each class was taken for each other, and the scores of the classes that follow from it, as scikit-learn's
/// <c>precision_recall_fscore_support</c> (with <c>zero_division=0</c>) has them.
/// </summary>
public sealed class ConfusionMatrix : IMetric
{
    readonly long[] counts; // [K, K]: actual, predicted

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classes">The number of classes, K.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        counts = new long[(long)classes * classes];
    }

    /// <inheritdoc/>
    public string Name => "macro_f1";

    /// <summary>The number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>All samples.</summary>
    public long Count { get; private set; }

    /// <summary>How many samples of a class were taken for another, or for the same.</summary>
    public long this[int actual, int predicted] => counts[At(actual, predicted)];

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(counts);
        Count = 0;
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        if (logits.Length != Classes)
            throw new ArgumentException($"expected logits of {Classes} classes, came {logits.Length}", nameof(logits));
        Update(Logits.ArgMax(logits), label);
    }

    /// <summary>Adds a sample of which the predicted class is known already.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them is no class.</exception>
    public void Update(int predicted, int label)
    {
        counts[At(label, predicted)]++;
        Count++;
    }

    /// <summary>The mean F1 of the classes, each counting the same; NaN when nothing was added.</summary>
    public double Compute() => Count > 0 ? MacroAverage().F1 : double.NaN;

    /// <summary>Share of samples whose predicted class is the right one; NaN when nothing was added.</summary>
    public double Accuracy()
    {
        long right = 0;
        for (int k = 0; k < Classes; k++) right += this[k, k];
        return Count > 0 ? (double)right / Count : double.NaN;
    }

    /// <summary>The scores of one class against all others.</summary>
    public ClassScores Scores(int label)
    {
        long support = 0, taken = 0, both = this[label, label];
        for (int k = 0; k < Classes; k++)
        {
            support += this[label, k];
            taken += this[k, label];
        }
        return new ClassScores(
            taken > 0 ? (double)both / taken : 0,
            support > 0 ? (double)both / support : 0,
            support + taken > 0 ? 2.0 * both / (support + taken) : 0,
            support);
    }

    /// <summary>The scores of all classes, by number.</summary>
    public ClassScores[] Scores() => [.. Enumerable.Range(0, Classes).Select(Scores)];

    /// <summary>The mean of the classes' scores, each class counting the same.</summary>
    public ClassScores MacroAverage() => Average(static _ => 1);

    /// <summary>The mean of the classes' scores, each counting as many times as it has samples.</summary>
    public ClassScores WeightedAverage() => Average(static scores => scores.Support);

    /// <summary>The rows: [K][K], actual by predicted.</summary>
    public long[][] ToArray() =>
        [.. Enumerable.Range(0, Classes).Select(row => counts.AsSpan(row * Classes, Classes).ToArray())];

    ClassScores Average(Func<ClassScores, double> weight)
    {
        double precision = 0, recall = 0, f1 = 0, all = 0;
        foreach (ClassScores scores in Scores())
        {
            double share = weight(scores);
            precision += share * scores.Precision;
            recall += share * scores.Recall;
            f1 += share * scores.F1;
            all += share;
        }
        return all > 0 ? new ClassScores(precision / all, recall / all, f1 / all, Count) : default;
    }

    int At(int actual, int predicted)
    {
        if ((uint)actual >= (uint)Classes) throw new ArgumentOutOfRangeException(nameof(actual), actual, Expected());
        if ((uint)predicted >= (uint)Classes) throw new ArgumentOutOfRangeException(nameof(predicted), predicted, Expected());
        return actual * Classes + predicted;
    }

    string Expected() => $"expected a class from 0 to {Classes - 1}";
}
