using Graft.Nn;

namespace Graft.Training;

/// <summary>Keeps a copy of the weights of the best epoch, by validation accuracy, then by validation loss.</summary>
/// <param name="parameters">what to copy: everything that training changes, batch-norm statistics among it</param>
public sealed class KeepBest(Func<IEnumerable<Parameter>> parameters) : ITrainingCallback, IDisposable
{
    WeightSnapshot? snapshot;

    /// <summary>The best epoch so far; null before the first is done.</summary>
    public EpochRecord? Best { get; private set; }

    /// <inheritdoc/>
    public void OnEpochEnded(Trainer trainer, EpochRecord epoch)
    {
        if (!epoch.IsBest) return;
        Best = epoch;
        if (snapshot is null) snapshot = new WeightSnapshot(parameters());
        else snapshot.Update();
    }

    /// <summary>Gives the model the best epoch's weights back; does nothing before the first epoch is done.</summary>
    public void Restore() => snapshot?.Restore();

    /// <inheritdoc/>
    public void Dispose()
    {
        snapshot?.Dispose();
        snapshot = null;
    }
}
