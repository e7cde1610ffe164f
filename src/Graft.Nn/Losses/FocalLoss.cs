using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Cross-entropy in which what is right already hardly counts: (1 - p) ^ gamma times it, for the probability p of the truth. Lin
/// et al. 2017, arXiv:1708.02002. Class indices (int64 <c>[N]</c>) or the probabilities of classes that exclude each other take
/// the softmax; targets of several labels (<see cref="Several"/>) the sigmoid of each class, as torchvision's sigmoid_focal_loss.
/// Of masks, logits <c>[N, K, H, W]</c> with classes int64 <c>[N, H, W]</c>, pixels of the class
/// <see cref="LossTargets.Ignore"/> do not count; a batch of nothing else has mean 0.
/// </summary>
public sealed class FocalLoss : ILoss
{
    readonly float[]? weights;

    /// <summary>A loss; without arguments, the mean with gamma 2 for classes that exclude each other.</summary>
    /// <param name="classWeights">
    /// a weight for each class (the paper's alpha), with several labels for its positives; null: all count the same
    /// </param>
    public FocalLoss(IReadOnlyList<float>? classWeights = null) =>
        weights = classWeights is null ? null : [.. classWeights];

    /// <summary>How strongly what is right is left alone.</summary>
    /// <value>2; 0 gives cross-entropy</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double Gamma
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"focal gamma: expected a number >= 0, came {value}");
    } = 2;

    /// <summary>The share of each label that is spread over all classes; with several labels, moved towards a half.</summary>
    /// <value>0</value>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether an image may have several labels, with targets <c>[N, K]</c> in [0, 1].</summary>
    /// <value>false</value>
    public bool Several { get; init; }

    /// <summary>With several labels: how much the positives count, against 1 - alpha for the negatives.</summary>
    /// <value>null: both fully; torchvision has 0.25</value>
    public double? Alpha { get; init; }

    /// <summary>What becomes of the losses of a batch; with several labels, of each image and class.</summary>
    /// <value>their mean (by weight, where there are weights)</value>
    public Reduction Reduction { get; init; } = Reduction.Mean;

    /// <inheritdoc/>
    /// <exception cref="TorchException">Shapes do not go together.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        if (LossTargets.IsMap(targets)) return scope.Keep(OfPixels(logits.To(DType.Float32), targets));
        return scope.Keep(Several ? OfEach(logits, targets) : OfOne(logits, targets));
    }

    Tensor OfPixels(Tensor logits, Tensor targets)
    {
        Tensor truth = LossTargets.OfPixels(targets, logits); // [N, K, H, W]
        Tensor counted = truth.Sum([1], keepDimension: true); // [N, 1, H, W]
        if (LabelSmoothing > 0) truth = LossTargets.Smoothed(truth, LabelSmoothing, 1.0 / logits.Size(1)) * counted;
        if (LossWeights.For(weights, logits) is { } weight) truth = truth * weight.Reshape(1, -1, 1, 1);
        Tensor logarithms = logits.LogSoftmax(1);
        Tensor losses = -(truth * logarithms * Damping(-logarithms.Exp() + 1)).Sum([1]); // [N, H, W]
        if (Reduction != Reduction.Mean) return Reduced(losses);
        Tensor all = weights is null ? counted : truth;
        return losses.Sum() / all.Sum().Clamp(min: 1e-9);
    }

    Tensor OfOne(Tensor logits, Tensor targets)
    {
        Tensor truth = LossTargets.Smoothed(LossTargets.OneHot(targets, logits), LabelSmoothing, 1.0 / logits.Size(1)); // [N, K]
        Tensor logarithms = logits.LogSoftmax(1); // [N, K]
        Tensor losses = truth * logarithms * Damping(-logarithms.Exp() + 1);
        if (LossWeights.For(weights, logits) is not { } weight) return Reduced(-losses.Sum([1])); // [N]
        losses = -(losses * weight).Sum([1]);
        if (Reduction != Reduction.Mean) return Reduced(losses);
        return losses.Sum() / (truth * weight).Sum();
    }

    Tensor OfEach(Tensor logits, Tensor targets)
    {
        Tensor truth = LossTargets.Smoothed(targets.To(logits.DType), LabelSmoothing, 0.5); // [N, K]
        Tensor losses = logits.BinaryCrossEntropyWithLogits(truth, reduction: Reduction.None);
        Tensor probability = logits.Sigmoid();
        Tensor wrong = probability + truth - 2 * probability * truth; // 1 - p of the truth
        losses = losses * Damping(wrong);
        if (Alpha is { } alpha) losses = losses * ((2 * alpha - 1) * truth + (1 - alpha));
        if (LossWeights.For(weights, logits) is { } weight) losses = losses * (truth * (weight - 1) + 1);
        return Reduced(losses);
    }

    // at 0 a root has no slope
    Tensor Damping(Tensor wrong) => wrong.Clamp(min: 1e-12).Pow(Gamma);

    Tensor Reduced(Tensor losses) => Reduction switch
    {
        Reduction.Mean => losses.Mean(),
        Reduction.Sum => losses.Sum(),
        _ => losses,
    };
}
