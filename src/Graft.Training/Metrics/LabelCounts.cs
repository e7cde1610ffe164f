using System.Runtime.InteropServices;

namespace Graft.Training;

/// <summary>
/// Decisions about several labels: which samples were given a label, and which have it. Precision, recall, F-beta, subset
/// accuracy and Hamming loss follow, as scikit-learn has them for indicator matrices (with <c>zero_division=0</c>).
/// </summary>
public sealed class LabelCounts : IMetric
{
    readonly long[] both, taken, support; // [K]
    readonly Dictionary<Decisions, long> samples = []; // how many samples went so: few differ
    readonly double cut;
    long exact, wrong;

    /// <summary>Counts of zero.</summary>
    /// <param name="labels">the number of labels, K</param>
    /// <param name="threshold">
    /// a label is given where its probability, the sigmoid of its logit, is above. <value>0.5</value>
    /// </param>
    public LabelCounts(int labels, double threshold = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        if (!(threshold is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "expected a probability between 0 and 1");
        (Labels, Threshold, cut) = (labels, threshold, Logits.OfProbability(threshold));
        (both, taken, support) = (new long[labels], new long[labels], new long[labels]);
    }

    /// <inheritdoc/>
    public string Name => "subset_accuracy";

    /// <summary>The number of labels, K.</summary>
    public int Labels { get; }

    /// <summary>The probability above which a label is given.</summary>
    public double Threshold { get; }

    /// <summary>Samples.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(both);
        Array.Clear(taken);
        Array.Clear(support);
        samples.Clear();
        (exact, wrong, Count) = (0, 0, 0);
    }

    /// <inheritdoc/>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        MetricChecks.Sizes(Labels, outputs, targets);
        (long hits, long given, long had) = (0, 0, 0);
        for (int k = 0; k < outputs.Length; k++)
        {
            bool gives = outputs[k] > cut, has = targets[k] > 0.5f;
            if (gives && has) (both[k], hits) = (both[k] + 1, hits + 1);
            if (gives) (taken[k], given) = (taken[k] + 1, given + 1);
            if (has) (support[k], had) = (support[k] + 1, had + 1);
        }
        CollectionsMarshal.GetValueRefOrAddDefault(samples, new Decisions(hits, given, had), out _)++;
        long missed = given + had - 2 * hits;
        wrong += missed;
        if (missed == 0) exact++;
        Count++;
    }

    /// <summary>The share of samples whose labels are all right; NaN when nothing was added.</summary>
    public double SubsetAccuracy() => Count > 0 ? (double)exact / Count : double.NaN;

    /// <summary>The share of labels that are wrong, over all samples; NaN when nothing was added.</summary>
    public double HammingLoss() => Count > 0 ? (double)wrong / (Count * Labels) : double.NaN;

    /// <summary>Precision; NaN when nothing was added.</summary>
    public double Precision(MetricAverage average = MetricAverage.Macro) => Mean(average, static one => one.Precision);

    /// <summary>Recall; NaN when nothing was added.</summary>
    public double Recall(MetricAverage average = MetricAverage.Macro) => Mean(average, static one => one.Recall);

    /// <summary>F-beta; NaN when nothing was added.</summary>
    /// <param name="beta">how many times recall matters as much as precision; 1 for F1</param>
    /// <param name="average">how; every label counts, those that never occur with 0</param>
    public double FBeta(double beta = 1, MetricAverage average = MetricAverage.Macro) => Mean(average, one => one.FBeta(beta));

    /// <summary>F-beta of one label.</summary>
    public double FBeta(double beta, int label) => Of(label).FBeta(beta);

    /// <summary>The scores of one label.</summary>
    public ClassScores Scores(int label)
    {
        Decisions one = Of(label);
        return new ClassScores(one.Precision, one.Recall, one.FBeta(1), one.Support);
    }

    /// <summary>The subset accuracy.</summary>
    public double Compute() => SubsetAccuracy();

    Decisions Of(int label) => new(both[label], taken[label], support[label]);

    double Mean(MetricAverage average, Func<Decisions, double> measure)
    {
        if (Count == 0) return double.NaN;
        if (average != MetricAverage.Samples) return Decisions.Mean(Enumerable.Range(0, Labels).Select(Of), average, measure);
        double sum = 0;
        foreach ((Decisions sample, long times) in samples) sum += times * measure(sample);
        return sum / Count;
    }
}
