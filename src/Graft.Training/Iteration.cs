namespace Graft.Training;

/// <summary>A step of training or evaluation, and how its epoch goes.</summary>
/// <param name="Batch">batches done in this epoch</param>
/// <param name="Batches">batches of this epoch</param>
/// <param name="Images">samples of this step</param>
/// <param name="Loss">this step's own loss</param>
/// <param name="LearningRate">the highest rate of this step; 0 in evaluation</param>
/// <param name="Score">loss and accuracy of the epoch so far</param>
public readonly record struct Iteration(int Batch, int Batches, int Images, double Loss, double LearningRate, Score Score);
