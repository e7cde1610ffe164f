using Graft.Data;

namespace Graft.Training;

/// <summary>The batches of images that a loader reads.</summary>
public sealed class ImageSource(DataLoader loader) : IStepSource
{
    /// <inheritdoc/>
    public int BatchCount => loader.BatchCount;

    /// <inheritdoc/>
    public int SampleCount => loader.SampleCount;

    /// <inheritdoc/>
    public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        foreach (Batch batch in loader.Epoch(epoch, cancellation, firstBatch))
        {
            yield return new StepBatch(
                batch.Images, batch.Labels, [.. batch.Samples.Select(sample => sample.Label)],
                [.. batch.Samples.Select(sample => sample.Path)], batch)
            {
                Number = batch.Number,
                Targets = batch.Targets,
                Kind = loader.Dataset.Kind,
                TargetValues = loader.Dataset.Kind is LabelKind.Single or LabelKind.Mask
                    ? null : [.. batch.Samples.Select(sample => sample.Targets!)],
            };
        }
    }
}
