using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// What an optimiser remembers from step to step, for checkpoints. The tensors belong to the optimiser, and change at its next
/// step.
/// </summary>
/// <param name="Tensors">named <c>KIND/PARAMETER</c>, such as <c>exp_avg/head.fc.weight</c></param>
/// <param name="Scalars">named likewise, such as <c>step/head.fc.weight</c></param>
public sealed record OptimizerState(
    IReadOnlyList<(string Name, Tensor Value)> Tensors, IReadOnlyDictionary<string, double> Scalars);
