namespace Graft.Training;

/// <summary>
/// Ends training when a number of epochs in a row were no better than the best before them. A phase begins with new patience:
/// what is unfrozen needs time.
/// </summary>
/// <param name="patience">that number, at least 1</param>
/// <param name="minimumGain">how much better an epoch must be to count: in the monitored measure</param>
public sealed class EarlyStopping(int patience, double minimumGain = 0) : ICallback, IStateful
{
    int waited;
    double best = double.NegativeInfinity;

    /// <inheritdoc/>
    public string Key => "early_stopping";

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumGain);
        trainer.On(TrainingEvent.EpochStarted, _ =>
        {
            if (trainer.State is { PhaseEpoch: 0, Batch: 0 }) waited = 0;
        });
        trainer.On(TrainingEvent.EpochCompleted, Look);
    }

    void Look(Trainer trainer)
    {
        EpochRecord epoch = trainer.Epochs[^1];
        double own = double.IsNaN(epoch.ValidationAccuracy) ? -epoch.ValidationLoss : epoch.ValidationAccuracy; // of numbers
        double now = trainer.Monitor is { } monitor ? monitor.Rank(monitor.Of(epoch)) : own;
        bool better = minimumGain == 0 ? epoch.IsBest : now > best + minimumGain;
        if (better) (best, waited) = (now, 0);
        else if (++waited >= patience)
            trainer.Stop($"no better epoch for {patience} epochs; the best was epoch {trainer.State.BestEpoch}");
    }

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("waited", waited);
        to.Write("best", best);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        waited = (int)from.Long("waited");
        best = from.Double("best");
    }
}
