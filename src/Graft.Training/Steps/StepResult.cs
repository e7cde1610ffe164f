using Graft.Torch;

namespace Graft.Training;

/// <summary>What a step came to.</summary>
/// <param name="Loss">the batch's mean loss, a scalar with its graph: the trainer goes backward through it</param>
/// <param name="Logits"><c>[N, K]</c>, for the scores of training; null: none</param>
public sealed record StepResult(Tensor Loss, Tensor? Logits);
