using System.Diagnostics;
using Graft.Training;

namespace Graft;

/// <summary>Tells a job's observer what the trainer does, and writes each epoch down.</summary>
sealed class ProgressCallback(ITrainingProgress progress, int epochs, RunFolder folder) : ICallback
{
    public const string Training = "training", Validating = "validating";

    long start;
    int images;

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        trainer.On(TrainingEvent.EpochStarted, at => Begin(Training, at.Phase!.Source.SampleCount));
        trainer.On(TrainingEvent.IterationCompleted, at => Report(at, Training, at.Phase!.Source.SampleCount));
        trainer.On(TrainingEvent.EvaluationStarted, at => Begin(Validating, at.Phase!.Validation.SampleCount));
        trainer.On(
            TrainingEvent.EvaluationIterationCompleted, at => Report(at, Validating, at.Phase!.Validation.SampleCount));
        trainer.On(TrainingEvent.EpochCompleted, at =>
        {
            folder.Append(RunFiles.Metrics, json => RunFiles.WriteEpoch(json, at.Epochs[^1]));
            progress.EpochEnded(at.Epochs[^1]);
        });
    }

    void Begin(string phase, int total)
    {
        start = Stopwatch.GetTimestamp();
        images = 0;
        progress.PhaseStarted(phase, total);
    }

    void Report(Trainer trainer, string phase, int total)
    {
        Iteration iteration = trainer.Iteration;
        images += iteration.Images;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        progress.Advanced(new StepProgress(
            phase, trainer.State.Epoch + 1, epochs, iteration.Batch, iteration.Batches, images, total, iteration.Score.Loss,
            iteration.Score.Accuracy, seconds > 0 ? images / seconds : 0));
    }
}
