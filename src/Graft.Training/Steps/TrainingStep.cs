namespace Graft.Training;

/// <summary>The forward half of a step: from a batch to its loss. Backward and the optimiser's step are the trainer's.</summary>
public delegate StepResult TrainingStep(StepContext context);
