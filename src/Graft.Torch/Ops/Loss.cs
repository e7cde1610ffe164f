namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator crossEntropy = new(
        "aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, int " +
        "ignore_index=-100, float label_smoothing=0.0) -> Tensor");
    static readonly Operator binaryCrossEntropyWithLogits = new(
        "aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? " +
        "pos_weight=None, int reduction=1) -> Tensor");
    static readonly Operator mseLoss = new("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
    static readonly Operator l1Loss = new("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor");
    static readonly Operator huberLoss = new(
        "aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.0) -> Tensor");

    /// <summary>Cross-entropy of logits <c>[N, K]</c> or <c>[N, K, H, W]</c> with class indices or class probabilities.</summary>
    /// <param name="target">int64 class indices <c>[N]</c>, or probabilities of the logits' own shape</param>
    /// <param name="weight">a weight for each class <c>[K]</c>, or null</param>
    /// <param name="labelSmoothing">the share of each label spread over all classes. Szegedy et al. 2016,
    /// arXiv:1512.00567</param>
    /// <param name="ignoreIndex">a class index that does not count</param>
    /// <param name="reduction">whether the mean, the sum, or each loss <c>[N]</c> is given</param>
    public Tensor CrossEntropy(
        Tensor target, Tensor? weight = null, double labelSmoothing = 0, long ignoreIndex = -100,
        Reduction reduction = Reduction.Mean) =>
        crossEntropy.Call(this, target, weight, (long)reduction, ignoreIndex, labelSmoothing);

    /// <summary>Binary cross-entropy of logits with targets in [0, 1] of the same shape.</summary>
    public Tensor BinaryCrossEntropyWithLogits(
        Tensor target, Tensor? weight = null, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean) =>
        binaryCrossEntropyWithLogits.Call(this, target, weight, positiveWeight, (long)reduction);

    /// <summary>The squared difference to numbers of the same shape.</summary>
    public Tensor MseLoss(Tensor target, Reduction reduction = Reduction.Mean) => mseLoss.Call(this, target, (long)reduction);

    /// <summary>The size of the difference to numbers of the same shape.</summary>
    public Tensor L1Loss(Tensor target, Reduction reduction = Reduction.Mean) => l1Loss.Call(this, target, (long)reduction);

    /// <summary>
    /// Half the squared difference to numbers of the same shape up to delta, and from there on delta times how far it is, less
    /// half of delta squared. Huber 1964, doi:10.1214/aoms/1177703732.
    /// </summary>
    public Tensor HuberLoss(Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
        huberLoss.Call(this, target, (long)reduction, delta);
}
