using System.Diagnostics;
using Graft.Training;

namespace Graft;

/// <summary>Tells a job's observer what the trainer does, and writes each epoch down.</summary>
sealed class ProgressCallback(ITrainingProgress progress, int epochs, RunFolder folder)
    : ITrainingCallback
{
    public const string Training = "training", Validating = "validating";

    long start;
    int images;

    public void OnEpochStarted(Trainer trainer) => Begin(Training, trainer.Phase!.Source.SampleCount);

    public void OnIterationEnded(Trainer trainer, in Iteration iteration) =>
        Report(trainer, Training, trainer.Phase!.Source.SampleCount, in iteration);

    public void OnEvaluationStarted(Trainer trainer) => Begin(Validating, trainer.Phase!.Validation.SampleCount);

    public void OnEvaluated(Trainer trainer, in Iteration iteration) =>
        Report(trainer, Validating, trainer.Phase!.Validation.SampleCount, in iteration);

    public void OnEpochEnded(Trainer trainer, EpochRecord epoch)
    {
        folder.Append(RunFiles.Metrics, json => RunFiles.WriteEpoch(json, epoch));
        progress.EpochEnded(epoch);
    }

    void Begin(string phase, int total)
    {
        start = Stopwatch.GetTimestamp();
        images = 0;
        progress.PhaseStarted(phase, total);
    }

    void Report(Trainer trainer, string phase, int total, in Iteration iteration)
    {
        images += iteration.Images;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        progress.Advanced(new StepProgress(
            phase, trainer.State.Epoch + 1, epochs, iteration.Batch, iteration.Batches, images, total, iteration.Score.Loss,
            iteration.Score.Accuracy, seconds > 0 ? images / seconds : 0));
    }
}
