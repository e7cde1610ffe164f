using Graft.Data;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Training.Tests;

/// <summary>A small problem: points around one centre a class, and a linear classifier.</summary>
sealed class Blobs : ITrainable, IDisposable
{
    readonly ParameterStore store = new();
    readonly Linear linear;

    public Blobs(int width = 8, int classes = 3)
    {
        (Width, Classes) = (width, classes);
        linear = new Linear(ModulePath.Root(store) / "head", width, classes);
        store.Reset("", seed: 1);
    }

    public int Width { get; }

    public int Classes { get; }

    public ParameterStore Store => store;

    public bool IsTraining { get; private set; }

    /// <summary>What logits are multiplied by: NaN breaks every loss.</summary>
    public double Factor { get; set; } = 1;

    public Device Device => Device.Cpu;

    public Tensor Forward(Tensor inputs) => linear.Forward(inputs) * Factor;

    public void SetTraining(bool training) => IsTraining = training;

    public Features Sample(int count, int seed)
    {
        var random = new Random(seed);
        var features = new Features(Width);
        float[] values = new float[count * Width];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes;
            for (int d = 0; d < Width; d++)
                values[i * Width + d] = (float)(random.NextDouble() - 0.5 + (d % Classes == labels[i] ? 0.6 : 0));
        }
        using Tensor inputs = Tensor.FromArray(values, [count, Width]);
        using Tensor none = Tensor.Zeros([count], DType.Int64);
        features.Add(inputs, new StepBatch(inputs, none, labels, [.. labels.Select((_, i) => $"sample {i}")]));
        return features;
    }

    public TrainingPhase Phase(IStepSource source, int epochs, double rate = 0.05, IStepSource? validation = null) => new()
    {
        Name = "all",
        Epochs = epochs,
        Model = this,
        Source = source,
        Validation = validation ?? Source(6, seed: 1),
        Optimizer = new AdamW(store.Trainable, rate),
    };

    public FeatureSource Source(int count, int seed, int batchSize = 16) =>
        new(Sample(count, seed), batchSize, new ShuffledSampler(count, seed: 3));

    public void Dispose() => store.Dispose();
}
