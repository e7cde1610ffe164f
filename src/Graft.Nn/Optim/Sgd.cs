using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Gradient descent with momentum, and Nesterov's variant (Sutskever et al. 2013, PMLR 28:1139); arithmetic and defaults are
/// PyTorch's: decay * weight is added to the gradient, and a parameter's first momentum is its gradient, undamped.
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>An optimiser of these groups.</summary>
    /// <param name="groups">parameters with their rates and decays</param>
    /// <param name="momentum">the share of the last move that goes on</param>
    /// <param name="dampening">the share of the gradient that does not enter the momentum</param>
    /// <param name="nesterov">whether the gradient counts once more on top of the momentum</param>
    /// <exception cref="ArgumentException">Nesterov's variant without momentum, or with dampening.</exception>
    public Sgd(IEnumerable<ParameterGroup> groups, double momentum = 0, double dampening = 0, bool nesterov = false)
        : base(groups, momentum == 0 ? [] : ["momentum_buffer"])
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException(
                $"Nesterov: expected a momentum and no dampening, came {momentum} and {dampening}.", nameof(nesterov));
        HasMomentum = momentum != 0;
        Momentum = momentum;
        Dampening = dampening;
        IsNesterov = nesterov;
    }

    /// <summary>An optimiser of one group.</summary>
    public Sgd(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double weightDecay = 0)
        : this([new ParameterGroup("all", parameters, learningRate, weightDecay)], momentum) { }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A momentum is set where there was none at first.</exception>
    public override double Momentum
    {
        get;
        set
        {
            if (value != 0 && !HasMomentum)
                throw new InvalidOperationException("SGD was made without momentum: give one to its constructor.");
            field = value is >= 0 and < 1 ? value
                : throw new ArgumentOutOfRangeException(nameof(value), $"momentum: expected a number in [0, 1), came {value}");
        }
    }

    /// <summary>The share of the gradient that does not enter the momentum.</summary>
    public double Dampening { get; }

    /// <summary>Whether the gradient counts once more on top of the momentum.</summary>
    public bool IsNesterov { get; }

    bool HasMomentum { get; }

    private protected override bool FirstStepIsSpecial => HasMomentum && Dampening != 0;

    private protected override void Update(Block block)
    {
        if (HasMomentum)
        {
            Tensor[] momenta = block.States[0];
            double share = block.IsFirstStep ? 1 : 1 - Dampening;
            double[] decays = block.Each((group, _) => share * group.WeightDecay);
            Foreach.Mul_(momenta, Momentum); // zeros at first
            Foreach.Add_(momenta, block.Gradients, share);
            if (Array.Exists(decays, decay => decay != 0)) AddScaled(momenta, block.Values, decays);
            if (!IsNesterov)
            {
                AddScaled(block.Values, momenta, block.Each((group, _) => -group.LearningRate));
                return;
            }
        }
        Scale(block.Values, block.Each((group, _) => 1 - group.LearningRate * group.WeightDecay));
        AddScaled(block.Values, block.Gradients, block.Each((group, _) => -group.LearningRate));
        if (IsNesterov) AddScaled(block.Values, block.States[0], block.Each((group, _) => -group.LearningRate * Momentum));
    }
}
