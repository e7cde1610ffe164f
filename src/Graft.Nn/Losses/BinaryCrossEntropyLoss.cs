using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Binary cross-entropy of logits with targets in [0, 1] of the same shape: for labels that do not exclude each other. Targets of
/// another dtype are converted; class indices (int64 <c>[N]</c>) stand for one label each, as in timm's loss.
/// </summary>
public sealed class BinaryCrossEntropyLoss : ILoss
{
    readonly float[]? weights;

    /// <summary>A loss; without arguments, the plain mean.</summary>
    /// <param name="positiveWeights">how much a positive of each class counts against a negative; null: the same</param>
    public BinaryCrossEntropyLoss(IReadOnlyList<float>? positiveWeights = null) =>
        weights = positiveWeights is null ? null : [.. positiveWeights];

    /// <summary>What becomes of the losses of a batch.</summary>
    /// <value>their mean</value>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <summary>
    /// How far targets are moved towards a half; where they came as class indices, the share of each label that is spread over
    /// all classes, as in timm's.
    /// </summary>
    /// <value>0</value>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1].</exception>
    public double LabelSmoothing
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"label smoothing: expected a share in [0, 1], came {value}");
    }

    /// <inheritdoc/>
    /// <exception cref="TorchException">Shapes do not go together.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        bool isIndex = targets.DType == DType.Int64 && targets.Shape.Length == 1;
        Tensor truth = LossTargets.Smoothed(
            LossTargets.OneHot(targets, logits), LabelSmoothing, isIndex ? 1.0 / logits.Size(1) : 0.5);
        return scope.Keep(logits.BinaryCrossEntropyWithLogits(
            truth, positiveWeight: LossWeights.For(weights, logits), reduction: Reduction));
    }
}
