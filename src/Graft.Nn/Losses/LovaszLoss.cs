using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Lovász-softmax: the Lovász extension of the Jaccard loss 1 - IoU, of the errors of the softmax probabilities, over all pixels
/// of the batch, and the mean over the classes that occur in it. Berman et al. 2018, arXiv:1705.08790. Logits
/// <c>[N, K, H, W]</c>, classes int64 <c>[N, H, W]</c>; computed in float32. Pixels of the class
/// <see cref="LossTargets.Ignore"/> do not count; a batch of nothing else has loss 0.
/// </summary>
public sealed class LovaszLoss : ILoss
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shapes do not go together, or a target is no class.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        Tensor full = logits.To(DType.Float32);
        Tensor truth = Rows(LossTargets.OfPixels(targets, full)); // [K, P]
        float[] counts = truth.Sum([1]).ToArray<float>();
        Tensor counted = truth.Sum([0]); // [P]: 0 where a pixel is ignored
        // a pixel without an error comes last, where it adds nothing: so do those that are ignored
        Tensor errors = (Rows(full.Softmax(1)) - truth).Abs() * counted; // [K, P]
        Tensor? sum = null;
        int present = 0;
        for (int k = 0; k < counts.Length; k++)
        {
            if (counts[k] == 0) continue;
            (Tensor sorted, Tensor order) = errors.Select(0, k).Sort(descending: true); // [P]
            Tensor one = (sorted * Slopes(truth.Select(0, k).IndexSelect(0, order), counts[k])).Sum();
            sum = sum is null ? one : sum + one;
            present++;
        }
        return scope.Keep(sum is null ? (errors * 0).Sum() : sum / present);
    }

    /// <summary>
    /// By how much the Jaccard loss rises with each error that joins, the largest first: the extension's slope.
    /// </summary>
    /// <param name="truth">1 for pixels of the class, in the order of the errors, <c>[P]</c></param>
    /// <param name="count">how many there are</param>
    static Tensor Slopes(Tensor truth, float count)
    {
        using GradMode mode = Autograd.NoGrad();
        Tensor fine = truth.To(DType.Float64); // neighbours differ by as little as a pixel's share
        Tensor seen = fine.CumulativeSum(0), others = (-fine + 1).CumulativeSum(0); // [P]
        Tensor loss = -((-seen + count) / (others + count)) + 1;
        long last = loss.Size(0);
        Tensor rises = loss.Slice(0, 1, last) - loss.Slice(0, 0, last - 1);
        return Tensor.Cat([loss.Slice(0, 0, 1), rises]).To(truth.DType);
    }

    // [N, K, H, W] -> [K, N H W]
    static Tensor Rows(Tensor maps) => maps.Transpose(0, 1).Flatten(1);
}
