using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Cross-entropy of logits <c>[N, K]</c> or <c>[N, K, H, W]</c> with class indices (int64 <c>[N]</c> or <c>[N, H, W]</c>) or with
/// class probabilities of the logits' shape, as mixing gives them. Defaults are PyTorch's. Where every pixel of a batch of masks
/// is ignored, the mean is 0, not PyTorch's NaN.
/// </summary>
public sealed class CrossEntropyLoss : ILoss
{
    readonly float[]? weights;

    /// <summary>A loss; without arguments, the plain mean.</summary>
    /// <param name="classWeights">a weight for each class; null: all count the same</param>
    public CrossEntropyLoss(IReadOnlyList<float>? classWeights = null) =>
        weights = classWeights is null ? null : [.. classWeights];

    /// <summary>The share of each label that is spread over all classes. Szegedy et al. 2016, arXiv:1512.00567.</summary>
    /// <value>0; timm trains with 0.1</value>
    public double LabelSmoothing
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"label smoothing: expected a share in [0, 1], came {value}");
    }

    /// <summary>A class index that does not count.</summary>
    /// <value><see cref="LossTargets.Ignore"/>, -100, which masks are read to</value>
    public long IgnoreIndex { get; init; } = LossTargets.Ignore;

    /// <summary>What becomes of the losses of a batch.</summary>
    /// <value>their mean (by weight, where there are weights)</value>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <inheritdoc/>
    /// <exception cref="TorchException">A target is no class, or shapes do not go together.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        if (LossTargets.IsMap(targets)) return OfPixels(logits, targets);
        using Tensor? weight = LossWeights.For(weights, logits);
        return logits.CrossEntropy(targets, weight, LabelSmoothing, IgnoreIndex, Reduction);
    }

    Tensor OfPixels(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        Tensor full = logits.To(DType.Float32);
        if (Reduction == Reduction.Mean && LossTargets.AllIgnored(targets, IgnoreIndex)) return scope.Keep((full * 0).Sum());
        return scope.Keep(full.CrossEntropy(
            targets, LossWeights.For(weights, full), LabelSmoothing, IgnoreIndex, Reduction));
    }
}
