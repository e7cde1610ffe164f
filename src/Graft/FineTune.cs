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

    /// <summary>
    /// Takes up a run that was stopped or killed, from its last checkpoint: the rest of it is bit for bit what it would have
    /// been, for any number of workers.
    /// </summary>
    /// <param name="run">the run's folder</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops the job again</param>
    /// <param name="workers">threads that decode images; null: as the run had them</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is no run, or its images or weights are no longer those; or every checkpoint is
    /// damaged.</exception>
    /// <exception cref="InvalidOperationException">The run is at its end.</exception>
    /// <exception cref="IOException">Another process works on it, or it can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before there was anything to keep.</exception>
    public static TrainResult Resume(
        string run, ITrainingProgress? progress = null, CancellationToken cancellation = default, int? workers = null)
    {
        RunFolder folder = RunFolder.Reopen(run);
        TrainingJob job;
        try
        {
            folder.CheckUnfinished();
            JobConfig config = JobFile.Read(folder.PathOf(RunFiles.Job));
            if (workers is { } count) config = config with { Workers = count };
            job = TrainingJob.Of(config, progress ?? Silent.Instance, cancellation);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
        job.Resumed = folder;
        using (job) return job.Run();
    }

    /// <summary>The same, letting a test see the model as it is saved.</summary>
    internal static TrainResult Run(
        JobConfig config, ITrainingProgress? progress, CancellationToken cancellation, Action<ImageModel>? inspect)
    {
        config.Validate();
        using TrainingJob job = TrainingJob.Of(config, progress ?? Silent.Instance, cancellation);
        job.Inspect = inspect;
        return job.Run();
    }
}
