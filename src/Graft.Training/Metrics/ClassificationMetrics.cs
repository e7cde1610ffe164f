using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// All measures of a classifier at once: loss, accuracy, top-5 accuracy, confusion matrix. Batches are added as they come.
/// </summary>
public sealed class ClassificationMetrics
{
    const int Top = 5;

    readonly IMetric[] all;

    /// <summary>Measures of which nothing was added yet.</summary>
    /// <param name="classes">The number of classes, K.</param>
    public ClassificationMetrics(int classes)
    {
        Confusion = new ConfusionMatrix(classes);
        TopFive = classes > Top ? new TopKAccuracy(Top) : null;
        all = TopFive is null ? [Loss, Accuracy, Confusion] : [Loss, Accuracy, TopFive, Confusion];
    }

    /// <summary>Mean cross-entropy.</summary>
    public MeanLoss Loss { get; } = new();

    /// <summary>Share of samples predicted rightly.</summary>
    public Accuracy Accuracy { get; } = new();

    /// <summary>
    /// Share of samples whose class is among the five most probable; null with five classes or fewer, where it says nothing.
    /// </summary>
    public TopKAccuracy? TopFive { get; }

    /// <summary>Which class was taken for which, and the scores of each.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Samples.</summary>
    public long Count => Confusion.Count;

    /// <summary>Forgets what was added.</summary>
    public void Reset()
    {
        foreach (IMetric metric in all) metric.Reset();
    }

    /// <summary>Adds one sample.</summary>
    /// <param name="logits">[K]</param>
    /// <param name="label">its class</param>
    /// <exception cref="ArgumentException">The logits are not K, or the label is no class.</exception>
    public void Update(ReadOnlySpan<float> logits, int label)
    {
        if (logits.Length != Confusion.Classes)
            throw new ArgumentException($"expected logits of {Confusion.Classes} classes, came {logits.Length}", nameof(logits));
        if ((uint)label >= (uint)logits.Length)
            throw new ArgumentOutOfRangeException(nameof(label), label, $"expected a class from 0 to {logits.Length - 1}");
        foreach (IMetric metric in all) metric.Update(logits, label);
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="logits">row by row, [N, K]</param>
    /// <param name="labels">[N]</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a label is no class.</exception>
    public void Update(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels)
    {
        int classes = Confusion.Classes;
        if (logits.Length != (long)labels.Length * classes)
            throw new ArgumentException(
                $"expected logits [{labels.Length}, {classes}], {(long)labels.Length * classes} values, came {logits.Length}",
                nameof(logits));
        for (int i = 0; i < labels.Length; i++) Update(logits.Slice(i * classes, classes), checked((int)labels[i]));
    }

    /// <summary>Adds a batch of tensors, from any device.</summary>
    /// <param name="logits">[N, K], of any floating dtype</param>
    /// <param name="labels">int64 [N]</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a label is no class.</exception>
    public void Update(Tensor logits, Tensor labels)
    {
        if (logits.Rank != 2 || logits.Size(1) != Confusion.Classes || labels.Rank != 1 || labels.Size(0) != logits.Size(0))
            throw new ArgumentException(
                $"expected logits [N, {Confusion.Classes}] and labels [N], came {logits.Describe()} and {labels.Describe()}");
        Update(logits.ToArray<float>(), labels.ToArray<long>());
    }
}
