namespace Graft.Training;

/// <summary>
/// How well classes are told apart whatever the threshold: the area under the ROC curve, and average precision. Each class
/// stands against the rest. Every sample's scores are kept (5 bytes a class): both measures need their order over the whole set.
/// </summary>
/// <remarks>
/// Samples are ordered by the log-odds of the softmax, or by the logits of several labels: the order of the probabilities
/// without the ties of those that have become 0 or 1. They are rounded to float32, so that what is equal but for the rounding of
/// sums is equal. A score that is no number makes the measures of its class NaN.
/// </remarks>
public sealed class RankingScores : IMetric
{
    readonly List<float>[] scores; // [K][N]
    readonly List<bool>[] truths;
    bool hasSeveral;

    /// <summary>No samples yet.</summary>
    /// <param name="classes">the number of classes or labels, K</param>
    public RankingScores(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        scores = [.. Enumerable.Range(0, classes).Select(_ => new List<float>())];
        truths = [.. Enumerable.Range(0, classes).Select(_ => new List<bool>())];
    }

    /// <inheritdoc/>
    public string Name => "auc";

    /// <summary>The number of classes or labels, K.</summary>
    public int Classes => scores.Length;

    /// <summary>Samples.</summary>
    public int Count => scores[0].Count;

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (List<float> column in scores) column.Clear();
        foreach (List<bool> column in truths) column.Clear();
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        MetricChecks.Label(Classes, logits, label);
        hasSeveral = false;
        for (int k = 0; k < logits.Length; k++)
        {
            scores[k].Add(logits.Length == 1 ? logits[k] : (float)Logits.LogOdds(logits, k));
            truths[k].Add(k == label);
        }
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(Classes, outputs, targets);
        hasSeveral = true;
        for (int k = 0; k < outputs.Length; k++)
        {
            scores[k].Add(outputs[k]);
            truths[k].Add(targets[k] > 0.5f);
        }
    }

    /// <summary>The macro average of the area under the ROC curve.</summary>
    public double Compute() => Auc();

    /// <summary>
    /// The area under the ROC curve of one class against the rest, as scikit-learn's <c>roc_auc_score</c>: the share of pairs, of
    /// a sample of the class and one of the rest, in the right order, ties counting half; 0.5 where all scores are the same, NaN
    /// where the class or the rest has no samples. Hanley and McNeil 1982.
    /// </summary>
    public double Auc(int label) => RankingCurve.Of(scores[label], truths[label]).Auc();

    /// <summary>The area under the ROC curve over the classes; NaN where no class has it.</summary>
    /// <param name="average">
    /// macro and weighted: over the classes that have samples but not all of them, where scikit-learn refuses to give a figure
    /// when one is otherwise; micro: all decisions together
    /// </param>
    /// <exception cref="ArgumentException">The average is <see cref="MetricAverage.Samples"/>.</exception>
    public double Auc(MetricAverage average = MetricAverage.Macro) =>
        Mean(average, static curve => curve.Auc(), static curve => curve.Positives > 0 && curve.Positives < curve.Count);

    /// <summary>
    /// The average precision of one class against the rest, as scikit-learn's <c>average_precision_score</c>: the sum of the
    /// precisions at each threshold times the gain in recall. For one class of several, NaN where it has no samples; for several
    /// labels 0, as scikit-learn.
    /// </summary>
    public double AveragePrecision(int label)
    {
        RankingCurve curve = RankingCurve.Of(scores[label], truths[label]);
        return curve.Positives > 0 || hasSeveral ? curve.AveragePrecision() : double.NaN;
    }

    /// <summary>Average precision over the classes (macro: mAP); NaN when nothing was added.</summary>
    /// <param name="average">
    /// macro: over the classes that have samples, but for several labels over all, as scikit-learn; micro: all decisions together
    /// </param>
    /// <exception cref="ArgumentException">The average is <see cref="MetricAverage.Samples"/>.</exception>
    public double AveragePrecision(MetricAverage average = MetricAverage.Macro) =>
        Mean(average, static curve => curve.AveragePrecision(), curve => curve.Positives > 0 || hasSeveral);

    /// <summary>The points of the ROC curve of a class, from (0, 0) to (1, 1); none where it is not defined.</summary>
    public IReadOnlyList<(double FalsePositiveRate, double TruePositiveRate)> Roc(int label) =>
        RankingCurve.Of(scores[label], truths[label]).Roc();

    /// <summary>
    /// The points of the precision-recall curve of a class, by rising recall from (0, 1); none where the class has no samples.
    /// </summary>
    public IReadOnlyList<(double Recall, double Precision)> PrecisionRecall(int label) =>
        RankingCurve.Of(scores[label], truths[label]).PrecisionRecall();

    double Mean(MetricAverage average, Func<RankingCurve, double> measure, Func<RankingCurve, bool> counts)
    {
        if (average == MetricAverage.Samples)
            throw new ArgumentException("samples: expected macro, micro or weighted", nameof(average));
        if (Count == 0) return double.NaN;
        if (average == MetricAverage.Micro)
            return measure(RankingCurve.Of([.. scores.SelectMany(column => column)], [.. truths.SelectMany(column => column)]));
        double sum = 0, weights = 0;
        int counted = 0;
        for (int k = 0; k < Classes; k++)
        {
            RankingCurve curve = RankingCurve.Of(scores[k], truths[k]);
            if (!counts(curve)) continue;
            counted++;
            double weight = average == MetricAverage.Weighted ? curve.Positives : 1;
            sum += weight * measure(curve);
            weights += weight;
        }
        return weights > 0 ? sum / weights : counted > 0 ? 0 : double.NaN;
    }
}
