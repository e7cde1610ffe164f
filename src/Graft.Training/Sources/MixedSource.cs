using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// Batches mixed by MixUp or CutMix on the way to the step. Targets become float <c>[N, K]</c>, and the class that accuracy is
/// counted by is the one with the greater share.
/// </summary>
/// <param name="images">the batches</param>
/// <param name="mixer">draws what is done to each</param>
/// <param name="device">where the model lives: the mixing is done there</param>
public sealed class MixedSource(IStepSource images, BatchMixer mixer, Device device) : IStepSource
{
    /// <inheritdoc/>
    public int BatchCount => images.BatchCount;

    /// <inheritdoc/>
    public int SampleCount => images.SampleCount;

    /// <inheritdoc/>
    public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        foreach (StepBatch batch in images.Epoch(epoch, firstBatch, cancellation)) yield return Mixed(batch, epoch);
    }

    StepBatch Mixed(StepBatch batch, int epoch)
    {
        long[] shape = batch.Inputs.Shape;
        Mix mix = mixer.Draw(epoch, batch.Number, (int)shape[^2], (int)shape[^1]);
        if (mix.Kind == MixKind.None) return batch;
        using var scope = new TensorScope();
        Tensor inputs = batch.Inputs.To(device).LeaveScope();
        BatchMixer.MixImages(inputs, mix);
        Tensor targets;
        IReadOnlyList<int> labels = batch.LabelValues;
        if (batch.TargetValues is null)
        {
            targets = mixer.MixLabels(labels, mix).LeaveScope();
            if (mix.Lambda < 0.5) labels = [.. labels.Reverse()];
        }
        else
        {
            targets = batch.Targets.Clone().LeaveScope();
            BatchMixer.MixTargets(targets, mix);
        }
        return new StepBatch(inputs, batch.Labels, labels, batch.Names, batch)
        {
            Number = batch.Number,
            Targets = targets,
            TargetValues = batch.TargetValues,
            Kind = batch.Kind,
        };
    }
}
