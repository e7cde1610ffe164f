using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Features that were computed once, cut into batches.</summary>
public sealed class FeatureSource : IStepSource
{
    readonly Features features;
    readonly int batchSize;
    readonly ISampler sampler;

    /// <summary>A source over features.</summary>
    /// <param name="features">the samples</param>
    /// <param name="batchSize">samples a batch; the last one has the rest</param>
    /// <param name="sampler">their order; null: as they are</param>
    public FeatureSource(Features features, int batchSize, ISampler? sampler = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.features = features;
        this.batchSize = batchSize;
        this.sampler = sampler ?? new SequentialSampler(features.Count);
    }

    /// <inheritdoc/>
    public int BatchCount => (sampler.Count + batchSize - 1) / batchSize;

    /// <inheritdoc/>
    public int SampleCount => sampler.Count;

    /// <inheritdoc/>
    public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        int[] order = sampler.Order(epoch);
        for (int start = firstBatch * batchSize; start < order.Length; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Make(order.AsSpan(start, Math.Min(batchSize, order.Length - start)), start / batchSize);
        }
    }

    StepBatch Make(ReadOnlySpan<int> places, int number)
    {
        int width = features.Width;
        float[] rows = new float[places.Length * width]; // [N, D]
        long[] labels = new long[places.Length];
        int[] values = new int[places.Length];
        string[] names = new string[places.Length];
        float[][]? targets = features.Targets is null ? null : new float[places.Length][];
        for (int i = 0; i < places.Length; i++)
        {
            features.Row(places[i]).CopyTo(rows.AsSpan(i * width, width));
            labels[i] = values[i] = features.Labels[places[i]];
            names[i] = features.Names[places[i]];
            if (targets is not null) targets[i] = features.Targets![places[i]];
        }
        Tensor inputs = Tensor.FromArray(rows, [places.Length, width]).LeaveScope();
        Tensor classes = Tensor.FromArray(labels, [places.Length]).LeaveScope();
        return new StepBatch(inputs, classes, values, names)
        {
            Number = number,
            Targets = targets is null ? classes : Rows(targets).LeaveScope(),
            TargetValues = targets,
            Kind = features.Kind,
        };
    }

    static Tensor Rows(float[][] targets)
    {
        int width = targets[0].Length;
        float[] values = new float[targets.Length * width]; // [N, K]
        for (int i = 0; i < targets.Length; i++) targets[i].CopyTo(values.AsSpan(i * width));
        return Tensor.FromArray(values, [targets.Length, width]);
    }
}
