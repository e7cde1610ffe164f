using System.Diagnostics;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Runs labelled samples through a model and measures what it makes of them.</summary>
static class ModelMeasure
{
    /// <summary>The measures over a whole source.</summary>
    /// <param name="source">the samples</param>
    /// <param name="forward">inputs to logits, in evaluation mode</param>
    /// <param name="device">where the model lives</param>
    /// <param name="builder">takes the logits</param>
    /// <param name="skipped">names the samples that could not be read, once all were tried</param>
    /// <param name="progress">told of each batch</param>
    /// <param name="cancellation">stops it</param>
    public static EvaluationResult Run(
        IStepSource source, Func<Tensor, Tensor> forward, Device device, EvaluationBuilder builder,
        Func<IReadOnlyList<string>> skipped, ITrainingProgress progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        var parts = new MicroBatching { Changed = progress.Note };
        progress.PhaseStarted("evaluating", source.SampleCount);
        foreach (StepBatch batch in source.Epoch(0, cancellation: cancellation))
        {
            float[] logits; // [N, K]
            using (batch)
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
                logits = parts.Run(batch.Inputs, part => forward(part.To(device))).ToArray<float>();
            int classes = logits.Length / Math.Max(1, batch.Count);
            builder.Check(classes);
            for (int i = 0; i < batch.Count; i++) builder.Add(batch, i, logits.AsSpan(i * classes, classes));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            progress.Advanced(new StepProgress(
                "evaluating", 0, 0, ++done, source.BatchCount, builder.Count, source.SampleCount, builder.Loss, builder.Accuracy,
                seconds > 0 ? builder.Count / seconds : 0));
        }
        return builder.Build(skipped());
    }
}
