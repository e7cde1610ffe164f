using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>The head of a network whose outputs are logits already: it changes nothing and has no weights.</summary>
sealed class OutputHead(ModulePath at) : Head(at)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Share();
}
