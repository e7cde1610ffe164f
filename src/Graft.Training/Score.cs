using Graft.Data;

namespace Graft.Training;

/// <summary>Loss and accuracy over the samples that came so far.</summary>
public sealed class Score : IStateful
{
    readonly MeanLoss loss = new();
    readonly Accuracy accuracy = new();

    /// <inheritdoc/>
    public string Key => "score";

    /// <summary>Samples; of masks that were validated, their pixels.</summary>
    public long Count => loss.Count;

    /// <summary>
    /// Samples whose most probable class is the right one; of several labels, all of whose labels are right; of masks, pixels.
    /// </summary>
    public long Right => accuracy.Right;

    /// <summary>Mean loss; NaN without samples.</summary>
    public double Loss => loss.Compute();

    /// <summary>Share of right answers, of masks of right pixels; NaN without samples, and for numbers.</summary>
    public double Accuracy => accuracy.Compute();

    /// <summary>Adds a batch by its mean loss.</summary>
    public void Add(double meanLoss, int right, int count)
    {
        loss.Update(meanLoss, count);
        accuracy.Update(right, count);
    }

    /// <summary>Adds a batch by its mean loss, which weighs as many samples as it has, and by what was judged of it.</summary>
    internal void Add(double meanLoss, long right, long judged, int count)
    {
        loss.Update(meanLoss, count);
        accuracy.Update(right, judged);
    }

    /// <summary>Adds a batch of masks by its pixels that count, as many of which its mean loss weighs.</summary>
    internal void AddPixels(double meanLoss, long right, long pixels)
    {
        loss.Update(meanLoss, pixels);
        accuracy.Update(right, pixels);
    }

    /// <summary>Adds a batch of numbers by its mean loss: there is no right and wrong.</summary>
    public void Add(double meanLoss, int count) => loss.Update(meanLoss, count);

    /// <summary>Adds a batch by its outputs.</summary>
    /// <param name="outputs">row by row, <c>[N, K]</c></param>
    /// <param name="batch">N</param>
    /// <param name="loss">for numbers, the batch's mean loss</param>
    public void Add(ReadOnlySpan<float> outputs, StepBatch batch, double loss)
    {
        if (batch.Kind == LabelKind.Number) Add(loss, batch.Count);
        else if (batch.TargetValues is { } targets) Add(MeanOf(outputs, targets), CountExact(outputs, targets), batch.Count);
        else Add(outputs, batch.LabelValues);
    }

    /// <summary>How many of some samples have every label right, each taken to be there from a probability of 0.5.</summary>
    /// <param name="logits">row by row, <c>[N, K]</c></param>
    /// <param name="targets">[N][K]</param>
    internal static int CountExact(ReadOnlySpan<float> logits, IReadOnlyList<float[]> targets)
    {
        int right = 0, at = 0;
        foreach (float[] row in targets)
        {
            bool exact = true;
            foreach (float target in row) exact &= logits[at++] > 0 == target > 0.5f;
            if (exact) right++;
        }
        return right;
    }

    static double MeanOf(ReadOnlySpan<float> logits, IReadOnlyList<float[]> targets)
    {
        double sum = 0;
        int at = 0;
        foreach (float[] row in targets)
            foreach (float target in row) sum += Logits.BinaryCrossEntropy(logits[at++], target);
        return sum / at;
    }

    /// <summary>Adds a batch by its logits.</summary>
    /// <param name="logits">row by row, <c>[N, K]</c></param>
    /// <param name="labels">N</param>
    public void Add(ReadOnlySpan<float> logits, IReadOnlyList<int> labels)
    {
        int classes = logits.Length / labels.Count;
        for (int i = 0; i < labels.Count; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            loss.Update(row, labels[i]);
            accuracy.Update(row, labels[i]);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("loss_sum", loss.Sum);
        to.Write("count", loss.Count);
        to.Write("judged", accuracy.Count);
        to.Write("right", accuracy.Right);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        loss.Set(from.Double("loss_sum"), from.Long("count"));
        accuracy.Reset();
        accuracy.Update(from.Long("right"), from.Long("judged"));
    }
}
