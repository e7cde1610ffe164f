using Graft.Torch;

namespace Graft.Nn;

/// <summary>All dimensions but the first as one, <c>[N, ...]</c> to <c>[N, D]</c>.</summary>
public sealed class Flatten(ModulePath at) : Module(at)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Flatten(1);
}
