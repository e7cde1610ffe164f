using System.Diagnostics;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// Takes a few images through a step of a job's main phase, without the optimiser, to see what they cost. Weights, buffers and
/// libtorch's generator are then as they were, and there are no gradients.
/// </summary>
sealed class JobProbe(JobConfig config, ImageModel model, LabelData data, Func<Tensor, Tensor, Tensor> loss)
{
    const int Images = 4, MostRead = 16;
    const double LongSeconds = 2; // what takes that long is not done twice

    /// <summary>The costs; null where nothing can be said: no image can be read, or memory runs out even so.</summary>
    public StepCosts? Measure(TransferModel trained)
    {
        byte[] generator = Engine.GeneratorState();
        using var buffers = new WeightSnapshot(model.Parameters.All.Where(parameter => parameter.IsBuffer));
        try
        {
            return Measure(trained.Freeze(config.KeepsStatistics), Math.Min(data.BatchSize, Images));
        }
        catch (TorchException error) when (error.IsOutOfMemory)
        {
            return null;
        }
        finally
        {
            foreach (Parameter parameter in model.Parameters.Weights) parameter.Value.Grad = null;
            buffers.Restore();
            trained.SetTraining(false);
            Engine.SetGeneratorState(generator);
            Engine.TrimMemory();
        }
    }

    StepCosts? Measure(TransferModel trained, int count)
    {
        int read = Math.Clamp(2 * Environment.ProcessorCount, Images, MostRead);
        long start = Stopwatch.GetTimestamp();
        using StepBatch? batch = data.Few(read);
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (batch is null) return null;
        start = Stopwatch.GetTimestamp();
        using (data.Few(read)) { }
        double again = Stopwatch.GetElapsedTime(start).TotalSeconds;
        count = Math.Min(count, batch.Count);

        trained.SetTraining(true);
        (_, MemoryCounter one) = Step(trained, batch, 1);
        (double step, MemoryCounter all) = Warm(() => Step(trained, batch, count));
        trained.SetTraining(false);
        (double forward, MemoryCounter seen) = Warm(() => Watched(() =>
        {
            using GradMode mode = Autograd.NoGrad();
            return trained.Forward(Part(batch.Inputs, count));
        }));

        long image = count > 1 ? (Peak(all) - Peak(one)) / (count - 1) : Peak(one);
        bool isKnown = model.Origin != Origin.TorchScript; // of which no operator is seen
        return new StepCosts(
            first / batch.Count, again / batch.Count, step / count, forward / count,
            isKnown ? Math.Max(0, Peak(one) - image) : null, image,
            seen.Total / count, data.DecodedBytes);
    }

    (double Seconds, MemoryCounter Memory) Step(TransferModel trained, StepBatch batch, int count) => Watched(() =>
    {
        Tensor value = loss(trained.Forward(Part(batch.Inputs, count)), Part(batch.Targets, count));
        if (config.Mode != TrainingMode.Probe) value.Backward();
        return value;
    });

    // the first time, kernels are chosen and made for the shapes that come
    static (double Seconds, MemoryCounter Memory) Warm(Func<(double Seconds, MemoryCounter)> run)
    {
        (double Seconds, MemoryCounter) first = run();
        return first.Seconds > LongSeconds ? first : run();
    }

    Tensor Part(Tensor whole, int count) => whole.Slice(0, 0, count).To(model.Parameters.Device);

    static (double Seconds, MemoryCounter Memory) Watched(Func<Tensor> run)
    {
        var memory = new MemoryCounter();
        using var scope = new TensorScope();
        using Observation watch = Operator.Observe(memory);
        long start = Stopwatch.GetTimestamp();
        Tensor result = run().Detach();
        _ = result.Sum().Item<float>(); // waits for the device
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, memory);
    }

    // backward holds what forward made, and for a while the gradients of what goes into and comes out of an operator
    static long Peak(MemoryCounter memory) => memory.Total + 2 * memory.Largest;
}
