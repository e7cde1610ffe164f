using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Binary cross-entropy of logits with targets in [0, 1] of the same shape: for labels that do not exclude each other. Targets of
/// another dtype are converted.
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

    /// <inheritdoc/>
    /// <exception cref="TorchException">Shapes do not go together.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using Tensor? weight = LossWeights.For(weights, logits);
        Tensor same = targets.To(logits.DType);
        Tensor loss = logits.BinaryCrossEntropyWithLogits(same, positiveWeight: weight, reduction: Reduction);
        if (!ReferenceEquals(same, targets)) same.Dispose();
        return loss;
    }
}
