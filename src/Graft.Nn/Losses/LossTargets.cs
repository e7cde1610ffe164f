using Graft.Torch;

namespace Graft.Nn;

/// <summary>Targets in the forms that losses want.</summary>
static class LossTargets
{
    /// <summary>Class indices <c>[N]</c> as probabilities <c>[N, K]</c>; what is probabilities already, as precise as the
    /// logits.</summary>
    internal static Tensor OneHot(Tensor targets, Tensor logits) =>
        (targets.DType == DType.Int64 && targets.Shape.Length == 1 ? targets.OneHot(logits.Size(1)) : targets).To(logits.DType);

    /// <summary>(1 - share) * targets + share * middle.</summary>
    internal static Tensor Smoothed(Tensor targets, double share, double middle) =>
        share == 0 ? targets : targets * (1 - share) + share * middle;
}
