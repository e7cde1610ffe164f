using Graft.Nn;

namespace Graft.Training;

/// <summary>Tells a <see cref="PlateauSchedule"/> after each epoch how good it was; what the schedule remembers is
/// saved.</summary>
/// <param name="schedule">the phase's rate schedule, or a part of it</param>
/// <param name="measure">
/// from a trainer that has measured an epoch, its number; null: the validation loss
/// </param>
public sealed class PlateauRates(PlateauSchedule schedule, Func<Trainer, double>? measure = null) : ICallback, IStateful
{
    /// <inheritdoc/>
    public string Key => "plateau";

    /// <inheritdoc/>
    public void Attach(Trainer trainer) => trainer.On(TrainingEvent.EpochCompleted, Report);

    /// <summary>Tells the schedule of the trainer's last epoch.</summary>
    public void Report(Trainer trainer) => schedule.Report(measure?.Invoke(trainer) ?? trainer.Epochs[^1].ValidationLoss);

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("factor", schedule.State.Factor);
        if (schedule.State.Best is { } best) to.Write("best", best);
        to.Write("bad_epochs", (long)schedule.State.BadEpochs);
        to.Write("cooling", (long)schedule.State.Cooling);
    }

    /// <inheritdoc/>
    public void Load(StateReader from) => schedule.State = new PlateauState(
        from.Double("factor"), from.Has("best") ? from.Double("best") : null, (int)from.Long("bad_epochs"),
        (int)from.Long("cooling"));
}
