using Graft.Training;

namespace Graft;

/// <summary>Which learning rate suits a training job: the loss over rising rates, before anything is trained.</summary>
public static class LearningRateSearch
{
    /// <summary>
    /// Walks along the rates in the job's main phase: for a probe that of the head, else that of the body, with a new head.
    /// Nothing is written.
    /// </summary>
    /// <param name="config">the job; its rate and epochs do not matter</param>
    /// <param name="finder">from where to where; null: fastai's 1e-7 to 10 in 100 batches</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data or the weights can't be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RateCurve Run(
        JobConfig config, LearningRateFinder? finder = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        config.Validate();
        using TrainingJob job = TrainingJob.Of(config, progress ?? Silent.Instance, cancellation);
        return job.SearchRate(finder);
    }
}
