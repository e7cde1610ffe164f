using Graft.Torch;

namespace Graft.Nn;

/// <summary>Targets in the forms that losses want.</summary>
static class LossTargets
{
    /// <summary>The class of what does not count, PyTorch's default: a pixel of a mask that nobody has labelled.</summary>
    internal const long Ignore = -100;

    /// <summary>Class indices <c>[N]</c> as probabilities <c>[N, K]</c>; what is probabilities already, as precise as the
    /// logits.</summary>
    internal static Tensor OneHot(Tensor targets, Tensor logits) =>
        (targets.DType == DType.Int64 && targets.Shape.Length == 1 ? targets.OneHot(logits.Size(1)) : targets).To(logits.DType);

    /// <summary>(1 - share) * targets + share * middle.</summary>
    internal static Tensor Smoothed(Tensor targets, double share, double middle) =>
        share == 0 ? targets : targets * (1 - share) + share * middle;

    /// <summary>Whether targets are the classes of pixels, int64 <c>[N, H, W]</c>.</summary>
    internal static bool IsMap(Tensor targets) => targets.DType == DType.Int64 && targets.Rank == 3;

    /// <summary>Whether everything is ignored: there is nothing to learn from.</summary>
    internal static bool AllIgnored(Tensor targets, long ignore)
    {
        using var scope = new TensorScope();
        return targets.EqualTo(ignore).All().Item<bool>();
    }

    /// <summary>
    /// The classes of pixels <c>[N, H, W]</c> as 0 and 1, <c>[N, K, H, W]</c>; a pixel that is ignored is 0 for every class.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not go together, or a target is no class.</exception>
    internal static Tensor OfPixels(Tensor targets, Tensor logits)
    {
        if (logits.Rank != 4 || !IsMap(targets) || targets.Size(0) != logits.Size(0) || targets.Size(1) != logits.Size(2) ||
            targets.Size(2) != logits.Size(3))
            throw new ArgumentException(
                $"expected logits [N, K, H, W] and classes int64 [N, H, W], came {logits.Describe()} and {targets.Describe()}",
                nameof(targets));
        long classes = logits.Size(1), highest = targets.Max().Item<long>(), lowest = targets.Min().Item<long>();
        if (highest >= classes || (lowest < 0 && lowest != Ignore))
            throw new ArgumentException(
                $"targets: expected classes from 0 to {classes - 1}, or {Ignore} for what does not count, came " +
                $"{(highest >= classes ? highest : lowest)}.", nameof(targets));
        Tensor numbers = Tensor.Arange(0, classes, 1, DType.Int64, targets.Device).Reshape(1, classes, 1, 1);
        return targets.Unsqueeze(1).EqualTo(numbers).To(logits.DType); // [N, K, H, W]
    }
}
