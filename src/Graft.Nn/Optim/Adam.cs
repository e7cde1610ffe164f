namespace Graft.Nn;

/// <summary>
/// Adam, with decay as a penalty: decay * weight is added to the gradient. Kingma and Ba 2014, arXiv:1412.6980; arithmetic and
/// defaults are PyTorch's. For fine-tuning, <see cref="AdamW"/> is the better choice.
/// </summary>
public sealed class Adam : AdamOptimizer
{
    /// <summary>An optimiser of these groups, by default with PyTorch's betas and eps.</summary>
    public Adam(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8)
        : base(groups, beta1, beta2, eps) { }

    /// <summary>An optimiser of one group, by default with PyTorch's rate and no decay.</summary>
    public Adam(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double weightDecay = 0)
        : this([new ParameterGroup("all", parameters, learningRate, weightDecay)]) { }

    private protected override void Update(Block block) => Move(block, WithPenalty(block));
}
