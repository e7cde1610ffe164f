namespace Graft.Training;

/// <summary>Where the batches of an epoch come from.</summary>
public interface IStepSource
{
    /// <summary>Batches an epoch.</summary>
    int BatchCount { get; }

    /// <summary>Samples an epoch; a few less may come where some can't be read.</summary>
    int SampleCount { get; }

    /// <summary>The batches of that epoch (from 0), in an order that depends on nothing but the source and the epoch.</summary>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    IEnumerable<StepBatch> Epoch(int epoch, CancellationToken cancellation = default);
}
