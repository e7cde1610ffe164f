namespace Graft.Nn;

/// <summary>
/// Adam with decoupled weight decay: each step first shrinks the weights by rate * decay, whatever their gradients. Loshchilov
/// and Hutter 2017, arXiv:1711.05101; arithmetic and defaults are PyTorch's.
/// </summary>
public sealed class AdamW : AdamOptimizer
{
    /// <summary>An optimiser of these groups.</summary>
    /// <param name="groups">parameters with their rates and decays</param>
    /// <param name="beta1">PyTorch's 0.9; fastai's one-cycle moves it from 0.95 to 0.85 and back</param>
    /// <param name="beta2">PyTorch's 0.999; fastai has 0.99</param>
    /// <param name="eps">PyTorch's 1e-8; fastai has 1e-5</param>
    public AdamW(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8)
        : base(groups, beta1, beta2, eps) { }

    /// <summary>An optimiser of one group, by default with PyTorch's rate and decay.</summary>
    public AdamW(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double weightDecay = 1e-2)
        : this([new ParameterGroup("all", parameters, learningRate, weightDecay)]) { }

    private protected override void Update(Block block)
    {
        Scale(block.Values, block.Each((group, _) => 1 - group.LearningRate * group.WeightDecay));
        Move(block, block.Gradients);
    }
}
