namespace Graft.Training;

/// <summary>Where the batches of an epoch come from.</summary>
public interface IStepSource
{
    /// <summary>Batches an epoch.</summary>
    int BatchCount { get; }

    /// <summary>Samples an epoch; a few less may come where some can't be read.</summary>
    int SampleCount { get; }

    /// <summary>The batches of that epoch (from 0), in an order that depends on nothing but the source and the epoch.</summary>
    /// <param name="epoch">which</param>
    /// <param name="firstBatch">the first batch to come, from 0; those before it are not even read</param>
    /// <param name="cancellation">ends it</param>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default);
}
