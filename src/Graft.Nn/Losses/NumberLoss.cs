using Graft.Torch;

namespace Graft.Nn;

/// <summary>How far predicted numbers <c>[N, D]</c> lie from the true ones, of the same shape. As PyTorch's.</summary>
/// <param name="kind">how a distance counts</param>
public sealed class NumberLoss(NumberLossKind kind = NumberLossKind.Squared) : ILoss
{
    /// <summary>How a distance counts.</summary>
    public NumberLossKind Kind => kind;

    /// <summary>For <see cref="NumberLossKind.Huber"/>: the distance from which on it counts no longer squared.</summary>
    /// <value>1</value>
    public double Delta { get; init; } = 1;

    /// <summary>What becomes of the losses of a batch.</summary>
    /// <value>their mean</value>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shapes differ: nothing is repeated silently.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        if (!logits.Shape.AsSpan().SequenceEqual(targets.Shape))
            throw new ArgumentException(
                $"targets: expected numbers of the outputs' shape [{string.Join(", ", logits.Shape)}], came " +
                $"[{string.Join(", ", targets.Shape)}].", nameof(targets));
        Tensor same = targets.To(logits.DType);
        Tensor loss = kind switch
        {
            NumberLossKind.Absolute => logits.L1Loss(same, Reduction),
            NumberLossKind.Huber => logits.HuberLoss(same, Delta, Reduction),
            _ => logits.MseLoss(same, Reduction),
        };
        if (!ReferenceEquals(same, targets)) same.Dispose();
        return loss;
    }
}
