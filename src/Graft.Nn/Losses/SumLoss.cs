using Graft.Torch;

namespace Graft.Nn;

/// <summary>Several losses of the same logits and targets, each times a weight, added up.</summary>
public sealed class SumLoss : ILoss
{
    /// <summary>A sum.</summary>
    /// <param name="terms">the losses with their weights</param>
    /// <exception cref="ArgumentException">There is none, or a weight is no finite number.</exception>
    public SumLoss(params IReadOnlyList<(double Weight, ILoss Loss)> terms)
    {
        if (terms.Count == 0) throw new ArgumentException("loss: expected at least one term, came none", nameof(terms));
        foreach ((double weight, _) in terms)
            if (!double.IsFinite(weight))
                throw new ArgumentException($"loss: expected finite weights, came {weight}", nameof(terms));
        Terms = [.. terms];
    }

    /// <summary>The losses with their weights.</summary>
    public IReadOnlyList<(double Weight, ILoss Loss)> Terms { get; }

    /// <inheritdoc/>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        Tensor? sum = null;
        foreach ((double weight, ILoss loss) in Terms)
        {
            Tensor one = loss.Compute(logits, targets);
            if (weight != 1) one = one * weight;
            sum = sum is null ? one : sum + one;
        }
        return scope.Keep(sum!);
    }
}
