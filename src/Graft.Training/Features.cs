using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>What a frozen backbone makes of some samples: a row of D numbers each.</summary>
public sealed class Features
{
    readonly List<float[]> rows = [];
    readonly List<int> labels = [];
    readonly List<string> names = [];
    readonly List<float[]> targets = [];

    /// <summary>No samples yet, of that many numbers each.</summary>
    public Features(int width) => Width = width;

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>N.</summary>
    public int Count => rows.Count;

    /// <summary>The class of each sample.</summary>
    public IReadOnlyList<int> Labels => labels;

    /// <summary>What is known of each sample.</summary>
    public LabelKind Kind { get; private set; }

    /// <summary>For several labels or numbers, the targets of each sample; null where each has one class.</summary>
    public IReadOnlyList<float[]>? Targets => targets.Count > 0 ? targets : null;

    /// <summary>Where each sample comes from.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The numbers of a sample.</summary>
    public Span<float> Row(int sample) => rows[sample];

    /// <summary>Adds the samples of a batch.</summary>
    /// <param name="batch"><c>[N, D]</c></param>
    /// <param name="from">their classes and names</param>
    public void Add(Tensor batch, StepBatch from)
    {
        float[] values = batch.ToArray<float>();
        for (int i = 0; i < from.Count; i++) rows.Add(values[(i * Width)..((i + 1) * Width)]);
        labels.AddRange(from.LabelValues);
        names.AddRange(from.Names);
        Kind = from.Kind;
        if (from.TargetValues is { } own) targets.AddRange(own);
    }

    /// <summary>Runs every sample of a source through a backbone, without gradients.</summary>
    /// <param name="source">the images</param>
    /// <param name="width">D</param>
    /// <param name="backbone">images <c>[N, 3, H, W]</c> to features <c>[N, D]</c>; in evaluation mode</param>
    /// <param name="device">where the backbone lives</param>
    /// <param name="epoch">the key of the images' augmentation, where they have one</param>
    /// <param name="onBatch">told after each batch how many samples it had</param>
    /// <param name="cancellation">stops it</param>
    public static Features Compute(
        IStepSource source, int width, Func<Tensor, Tensor> backbone, Device device = default, int epoch = 0,
        Action<int>? onBatch = null, CancellationToken cancellation = default)
    {
        var features = new Features(width);
        foreach (StepBatch batch in source.Epoch(epoch, cancellation: cancellation))
        {
            using (batch)
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
                features.Add(backbone(batch.Inputs.To(device)), batch);
            onBatch?.Invoke(batch.Count);
        }
        return features;
    }

    /// <summary>The mean and the deviation of each number over the samples; a deviation of 0 is given as 1.</summary>
    public (float[] Mean, float[] Deviation) Statistics()
    {
        double[] sums = new double[Width], squares = new double[Width];
        foreach (float[] row in rows)
            for (int i = 0; i < Width; i++) sums[i] += row[i];
        for (int i = 0; i < Width; i++) sums[i] /= Math.Max(1, Count);
        foreach (float[] row in rows)
            for (int i = 0; i < Width; i++) squares[i] += (row[i] - sums[i]) * (row[i] - sums[i]);
        float[] mean = new float[Width], deviation = new float[Width];
        for (int i = 0; i < Width; i++)
        {
            mean[i] = (float)sums[i];
            double spread = Math.Sqrt(squares[i] / Math.Max(1, Count));
            deviation[i] = spread > 1e-6 * Math.Max(1e-6, Math.Abs(sums[i])) ? (float)spread : 1;
        }
        return (mean, deviation);
    }

    /// <summary>Takes the mean off every row and divides by the deviation, in place.</summary>
    public Features Standardise(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        foreach (float[] row in rows)
            for (int i = 0; i < row.Length; i++) row[i] = (row[i] - mean[i]) / deviation[i];
        return this;
    }

    /// <summary>The same samples with their own numbers.</summary>
    public Features Clone()
    {
        var copy = new Features(Width) { Kind = Kind };
        copy.rows.AddRange(rows.Select(row => row.AsSpan().ToArray()));
        copy.labels.AddRange(labels);
        copy.names.AddRange(names);
        copy.targets.AddRange(targets);
        return copy;
    }
}
