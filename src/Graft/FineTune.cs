using Graft.Models;

namespace Graft;

/// <summary>The main job: from a folder of photos and a pretrained model to a fine-tuned one.</summary>
public static class FineTune
{
    /// <summary>Trains, and leaves the best model in the run's folder.</summary>
    /// <param name="config">what to do</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops the job: the best model up to there is kept</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data or the weights can't be used; the message says why.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The run's folder is not empty, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before there was anything to keep; nothing was left
    /// behind.</exception>
    public static TrainResult Run(
        JobConfig config, ITrainingProgress? progress = null, CancellationToken cancellation = default) =>
        Run(config, progress, cancellation, inspect: null);

    /// <summary>The same, letting a test see the model as it is saved.</summary>
    internal static TrainResult Run(
        JobConfig config, ITrainingProgress? progress, CancellationToken cancellation, Action<ImageModel>? inspect)
    {
        config.Validate();
        using var job = new TrainingJob(config, progress ?? Silent.Instance, cancellation) { Inspect = inspect };
        return job.Run();
    }
}
