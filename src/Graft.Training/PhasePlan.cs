namespace Graft.Training;

/// <summary>A phase to come. It begins, freezing and freeing what it needs, only when those before it are done.</summary>
/// <param name="Name">what is trained, for people</param>
/// <param name="Epochs">passes over its source</param>
/// <param name="Begin">makes it; the trainer disposes it at its end</param>
public sealed record PhasePlan(string Name, int Epochs, Func<TrainingPhase> Begin);
