using System.Diagnostics;
using Graft.Imaging;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Runs images with masks through a model and measures what it makes of their pixels, at the masks' own size.</summary>
static class MaskMeasure
{
    /// <summary>The measures over a whole source.</summary>
    /// <param name="source">the images, batches of equal size</param>
    /// <param name="forward">images to logits <c>[N, K, h, w]</c>, in evaluation mode</param>
    /// <param name="device">where the model lives</param>
    /// <param name="builder">takes the pixels</param>
    /// <param name="gallery">is offered each image with both masks</param>
    /// <param name="skipped">names the images that could not be read, once all were tried</param>
    /// <param name="progress">told of each batch</param>
    /// <param name="cancellation">stops it</param>
    public static EvaluationResult Run(
        IStepSource source, Func<Tensor, Tensor> forward, Device device, MaskEvaluationBuilder builder,
        SegmentationGallery gallery, Func<IReadOnlyList<string>> skipped, ITrainingProgress progress,
        CancellationToken cancellation)
    {
        const string Phase = "evaluating";
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        var parts = new MicroBatching { Changed = progress.Note };
        var loss = new CrossEntropyLoss();
        progress.PhaseStarted(Phase, source.SampleCount);
        foreach (StepBatch batch in source.Epoch(0, cancellation: cancellation))
        {
            using (batch)
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
            {
                Tensor logits = parts.Run(batch.Inputs, part => forward(part.To(device)));
                for (int i = 0; i < batch.Count; i++) Add(batch, i, logits, loss, builder, gallery);
            }
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            progress.Advanced(new StepProgress(
                Phase, 0, 0, ++done, source.BatchCount, builder.Count, source.SampleCount, builder.Loss, builder.Accuracy,
                seconds > 0 ? builder.Count / seconds : 0));
        }
        return builder.Build(skipped());
    }

    // one by one: scores of all classes at a photo's own size are large
    static void Add(
        StepBatch batch, int i, Tensor logits, CrossEntropyLoss loss, MaskEvaluationBuilder builder, SegmentationGallery gallery)
    {
        using var scope = new TensorScope();
        Tensor truth = batch.Targets.Slice(0, i, i + 1); // [1, H, W]
        int height = (int)truth.Size(1), width = (int)truth.Size(2);
        Tensor full = MaskScoring.AtSize(logits.Slice(0, i, i + 1), height, width); // [1, K, H, W]
        double mean = loss.Compute(full, truth.To(full.Device)).Item<float>();
        long[] predicted = full.ArgMax(1).ToArray<long>(), actual = truth.ToArray<long>();
        SegmentedSample sample = builder.Add(batch.Names[i], predicted, actual, height, width, mean);
        using IndexMask found = Mask(predicted, height, width), right = Mask(actual, height, width);
        gallery.Offer(sample, found, right);
    }

    static IndexMask Mask(long[] classes, int height, int width)
    {
        var mask = new IndexMask(width, height);
        Span<ushort> values = mask.Pixels;
        for (int i = 0; i < values.Length; i++) values[i] = classes[i] < 0 ? IndexMask.Ignore : (ushort)classes[i];
        return mask;
    }
}
