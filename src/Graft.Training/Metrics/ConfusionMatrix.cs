namespace Graft.Training;

/// <summary>
/// How often each class was taken for each other, and the scores of the classes that follow from it, as scikit-learn's
/// <c>precision_recall_fscore_support</c> (with <c>zero_division=0</c>) has them.
/// </summary>
public sealed partial class ConfusionMatrix : IMetric
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
        Decisions one = Of(label);
        return new ClassScores(one.Precision, one.Recall, one.FBeta(1), one.Support);
    }

    /// <summary>The scores of all classes, by number.</summary>
    public ClassScores[] Scores() => [.. Enumerable.Range(0, Classes).Select(Scores)];

    /// <summary>
    /// The mean of the classes' scores, each class counting the same; those that neither occur nor are predicted do not count.
    /// </summary>
    public ClassScores MacroAverage() => Average(MetricAverage.Macro);

    /// <summary>The mean of the classes' scores, each counting as many times as it has samples.</summary>
    public ClassScores WeightedAverage() => Average(MetricAverage.Weighted);

    /// <summary>The rows: [K][K], actual by predicted.</summary>
    public long[][] ToArray() =>
        [.. Enumerable.Range(0, Classes).Select(row => counts.AsSpan(row * Classes, Classes).ToArray())];

    ClassScores Average(MetricAverage average) =>
        Count > 0 ? new ClassScores(Precision(average), Recall(average), FBeta(1, average), Count) : default;

    int At(int actual, int predicted)
    {
        if ((uint)actual >= (uint)Classes) throw new ArgumentOutOfRangeException(nameof(actual), actual, Expected());
        if ((uint)predicted >= (uint)Classes) throw new ArgumentOutOfRangeException(nameof(predicted), predicted, Expected());
        return actual * Classes + predicted;
    }

    string Expected() => $"expected a class from 0 to {Classes - 1}";
}
