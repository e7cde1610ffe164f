using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Soft Dice loss of masks: 1 - (2 |P·Y| + s) / (|P| + |Y| + s) for each class, with the softmax probabilities P and the truth
/// Y summed over all pixels of the batch, and the mean over the classes that occur in it. Milletari et al. 2016,
/// arXiv:1606.04797 (with sums of probabilities, not of their squares). Logits <c>[N, K, H, W]</c>, classes int64
/// <c>[N, H, W]</c>; computed in float32. Pixels of the class <see cref="LossTargets.Ignore"/> do not count; a batch of nothing
/// else has loss 0.
/// </summary>
public sealed class DiceLoss : ILoss
{
    /// <summary>What is added above and below, so that a class of a few pixels does not swing from 0 to 1.</summary>
    /// <value>1</value>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public double Smooth
    {
        get;
        init => field = value > 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"dice smooth: expected a number > 0, came {value}");
    } = 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shapes do not go together, or a target is no class.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        RegionOverlap overlap = RegionOverlap.Of(logits, targets);
        Tensor dice = (2 * overlap.Right + Smooth) / (overlap.Predicted + overlap.Actual + Smooth); // [K]
        return scope.Keep(overlap.MeanOfPresent(-dice + 1));
    }
}
