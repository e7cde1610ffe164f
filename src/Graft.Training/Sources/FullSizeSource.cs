using Graft.Data;

namespace Graft.Training;

/// <summary>Images with masks as a loader reads them whole: targets have the masks' own size, which outputs are resized
/// to.</summary>
public sealed class FullSizeSource(FullSizeLoader loader) : IStepSource
{
    /// <inheritdoc/>
    public int BatchCount => loader.BatchCount;

    /// <inheritdoc/>
    public int SampleCount => loader.SampleCount;

    /// <inheritdoc/>
    public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        foreach (Batch batch in loader.Pass(cancellation, firstBatch))
        {
            yield return new StepBatch(
                batch.Images, batch.Labels, new int[batch.Count], [.. batch.Samples.Select(sample => sample.Path)], batch)
            {
                Number = batch.Number,
                Targets = batch.Targets,
                Kind = LabelKind.Mask,
            };
        }
    }
}
