using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Features that are computed anew for every epoch, since its images are augmented.</summary>
/// <param name="images">the images</param>
/// <param name="backbone">images to features; in evaluation mode</param>
/// <param name="device">where the backbone lives</param>
/// <param name="mean">taken off the features</param>
/// <param name="deviation">what they are divided by then</param>
sealed class AugmentedFeatureSource(
    IStepSource images, Func<Tensor, Tensor> backbone, Device device, float[] mean, float[] deviation) : IStepSource
{
    public int BatchCount => images.BatchCount;

    public int SampleCount => images.SampleCount;

    public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        foreach (StepBatch batch in images.Epoch(epoch, firstBatch, cancellation))
        {
            using (batch) yield return Compute(batch);
        }
    }

    StepBatch Compute(StepBatch batch)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        var features = new Features(mean.Length);
        features.Add(backbone(batch.Inputs.To(device)), batch);
        features.Standardise(mean, deviation);
        float[] rows = new float[features.Count * features.Width]; // [N, D]
        for (int i = 0; i < features.Count; i++) features.Row(i).CopyTo(rows.AsSpan(i * features.Width));
        Tensor inputs = Tensor.FromArray(rows, [features.Count, features.Width]).LeaveScope();
        Tensor labels = batch.Labels.Clone().LeaveScope();
        return new StepBatch(inputs, labels, batch.LabelValues, batch.Names)
        {
            Number = batch.Number,
            Targets = ReferenceEquals(batch.Targets, batch.Labels) ? labels : batch.Targets.Clone().LeaveScope(),
            TargetValues = batch.TargetValues,
            Kind = batch.Kind,
        };
    }
}
