namespace Graft;

/// <summary>How far a phase of a job is.</summary>
/// <param name="Phase">what is being done, as in <see cref="ITrainingProgress.PhaseStarted"/></param>
/// <param name="Epoch">the epoch, from 1; 0 outside of epochs</param>
/// <param name="Epochs">all epochs; 0 outside of epochs</param>
/// <param name="Batch">batches done in this phase</param>
/// <param name="Batches">batches of this phase</param>
/// <param name="Images">images done in this phase</param>
/// <param name="TotalImages">images of this phase</param>
/// <param name="Loss">mean loss of this phase so far; NaN where there is none</param>
/// <param name="Accuracy">share of right answers in this phase so far; NaN where there is none</param>
/// <param name="ImagesPerSecond">speed of this phase</param>
public readonly record struct StepProgress(
    string Phase, int Epoch, int Epochs, int Batch, int Batches, int Images, int TotalImages, double Loss, double Accuracy,
    double ImagesPerSecond);
