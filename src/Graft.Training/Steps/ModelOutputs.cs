using Graft.Torch;

namespace Graft.Training;

/// <summary>What a model makes of a batch.</summary>
/// <param name="Logits"><c>[N, K]</c></param>
/// <param name="Others">further outputs by name, such as <c>auxiliary</c> logits or <c>features</c></param>
public sealed record ModelOutputs(Tensor Logits, IReadOnlyDictionary<string, Tensor>? Others = null);
