namespace Graft.Training;

/// <summary>Loss and accuracy over the samples that came so far.</summary>
public sealed class Score : IStateful
{
    readonly MeanLoss loss = new();
    readonly Accuracy accuracy = new();

    /// <inheritdoc/>
    public string Key => "score";

    /// <summary>Samples.</summary>
    public int Count => (int)accuracy.Count;

    /// <summary>Samples whose most probable class is the right one.</summary>
    public int Right => (int)accuracy.Right;

    /// <summary>Mean loss; NaN without samples.</summary>
    public double Loss => loss.Compute();

    /// <summary>Share of right answers; NaN without samples.</summary>
    public double Accuracy => accuracy.Compute();

    /// <summary>Adds a batch by its mean loss.</summary>
    public void Add(double meanLoss, int right, int count)
    {
        loss.Update(meanLoss, count);
        accuracy.Update(right, count);
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
        to.Write("count", accuracy.Count);
        to.Write("right", accuracy.Right);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        loss.Set(from.Double("loss_sum"), from.Long("count"));
        accuracy.Reset();
        accuracy.Update(from.Long("right"), from.Long("count"));
    }
}
