using Graft.Nn;
using Graft.Training;

namespace Graft;

/// <summary>
/// What goes along with some phases and not with others: the running mean of weights, rates that fall on a plateau, groups of
/// layers that are freed one by one.
/// </summary>
sealed class PhaseExtras : ICallback
{
    ExponentialMovingAverage? average;
    PlateauRates? plateau;
    TransferModel? unfreezing;

    /// <summary>What rates that fall on a plateau go by.</summary>
    /// <value>null: the validation loss</value>
    public MonitoredMetric? Watched { get; init; }

    /// <summary>What a phase that begins now has; the parts that must be saved with it.</summary>
    /// <param name="average">a running mean of the weights</param>
    /// <param name="rates">the phase's schedule, which may be one that goes by measures</param>
    /// <param name="unfreezing">the model whose groups are freed one by one</param>
    public IReadOnlyList<IStateful> Begin(
        ExponentialMovingAverage? average = null, ISchedule? rates = null, TransferModel? unfreezing = null)
    {
        this.average = average;
        this.unfreezing = unfreezing;
        ISchedule? inner = rates is RisingSchedule rising ? rising.Of : rates;
        plateau = null;
        if (inner is PlateauSchedule falling)
        {
            falling.HigherIsBetter = Watched?.Goal == MetricGoal.Higher;
            plateau = new PlateauRates(falling, Watched is { } metric ? at => metric.Of(at.Epochs[^1]) : null);
        }
        return [.. average is null ? (IStateful[])[] : [average], .. plateau is null ? (IStateful[])[] : [plateau]];
    }

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        trainer.On(TrainingEvent.PhaseStarted, at => at.EvaluationWeights = average);
        trainer.On(TrainingEvent.StepCompleted, _ => average?.Update());
        trainer.On(TrainingEvent.EpochStarted, at => unfreezing?.OpenFor(at.State.PhaseEpoch, at.Phase!.Epochs));
        trainer.On(TrainingEvent.EpochCompleted, at => plateau?.Report(at));
        trainer.On(TrainingEvent.PhaseCompleted, at =>
        {
            at.EvaluationWeights = null;
            (average, plateau, unfreezing) = (null, null, null);
        });
    }
}
