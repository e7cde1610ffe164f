using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Gradients divided by the root of their running mean square. Hinton, Neural Networks for Machine Learning, lecture 6 (2012);
/// centred: Graves 2013, arXiv:1308.0850. Arithmetic and defaults are PyTorch's (decay * weight is added to the gradient), or
/// with <see cref="AsTensorFlow"/> timm's <c>rmsprop_tf</c>.
/// </summary>
public sealed class RmsProp : Optimizer
{
    const string Squares = "square_avg", Buffer = "momentum_buffer", Mean = "grad_avg";

    readonly bool hasMomentum;

    /// <summary>An optimiser of these groups.</summary>
    /// <param name="groups">parameters with their rates and decays</param>
    /// <param name="alpha">the decay of the mean square: PyTorch's 0.99; timm's rmsprop_tf has 0.9</param>
    /// <param name="eps">PyTorch's 1e-8; timm's rmsprop_tf has 1e-10</param>
    /// <param name="momentum">the share of the last move that goes on</param>
    /// <param name="centered">whether gradients are divided by an estimate of their deviation, not of their root mean
    /// square</param>
    /// <param name="asTensorFlow">see <see cref="AsTensorFlow"/></param>
    public RmsProp(
        IEnumerable<ParameterGroup> groups, double alpha = 0.99, double eps = 1e-8, double momentum = 0, bool centered = false,
        bool asTensorFlow = false)
        : base(groups, [Squares, .. momentum == 0 ? (string[])[] : [Buffer], .. centered ? [Mean] : (string[])[]])
    {
        hasMomentum = momentum != 0;
        Alpha = alpha;
        Eps = eps;
        Momentum = momentum;
        IsCentered = centered;
        AsTensorFlow = asTensorFlow;
    }

    /// <summary>An optimiser of one group, by default with PyTorch's rate and no decay.</summary>
    public RmsProp(IEnumerable<Parameter> parameters, double learningRate = 1e-2, double weightDecay = 0)
        : this([new ParameterGroup("all", parameters, learningRate, weightDecay)]) { }

    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Alpha
    {
        get;
        set => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"alpha: expected a number in [0, 1), came {value}");
    }

    /// <summary>Added to the root of the mean square; as in TensorFlow, to the mean square itself.</summary>
    public double Eps { get; set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A momentum is set where there was none at first.</exception>
    public override double Momentum
    {
        get;
        set
        {
            if (value != 0 && !hasMomentum)
                throw new InvalidOperationException("RMSprop was made without momentum: give one to its constructor.");
            field = value is >= 0 and < 1 ? value
                : throw new ArgumentOutOfRangeException(nameof(value), $"momentum: expected a number in [0, 1), came {value}");
        }
    }

    /// <summary>Whether gradients are divided by an estimate of their deviation.</summary>
    public bool IsCentered { get; }

    /// <summary>
    /// Whether it does as TensorFlow's, with which EfficientNet and MobileNetV3 were trained: mean squares start at 1, eps is
    /// under the root, and the rate goes into the momentum.
    /// </summary>
    public bool AsTensorFlow { get; }

    private protected override double StartOf(string kind) => AsTensorFlow && kind == Squares ? 1 : 0;

    private protected override void Update(Block block)
    {
        Tensor[] gradients = WithPenalty(block), squares = block.States[0];
        Foreach.Mul_(squares, Alpha);
        Foreach.AddCMul_(squares, gradients, gradients, 1 - Alpha);
        Tensor[] divisors = Divisors(block, gradients, squares);
        double[] rates = block.Each((group, _) => group.LearningRate), steps = [.. rates.Select(rate => -rate)];
        if (!hasMomentum)
        {
            Foreach.AddCDiv_(block.Values, gradients, divisors, steps);
            return;
        }
        Tensor[] moves = block.States[1];
        Foreach.Mul_(moves, Momentum);
        if (AsTensorFlow)
        {
            Foreach.AddCDiv_(moves, gradients, divisors, rates);
            Foreach.Add_(block.Values, moves, -1);
        }
        else
        {
            Foreach.AddCDiv_(moves, gradients, divisors);
            AddScaled(block.Values, moves, steps);
        }
    }

    Tensor[] Divisors(Block block, Tensor[] gradients, Tensor[] squares)
    {
        if (!IsCentered && !AsTensorFlow)
        {
            Tensor[] roots = Foreach.Sqrt(squares);
            Foreach.Add_(roots, Eps);
            return roots;
        }
        Tensor[] spreads = Foreach.Mul(squares, block.Each((_, _) => 1)); // a copy
        if (IsCentered)
        {
            Tensor[] means = block.States[^1];
            Foreach.Mul_(means, Alpha);
            Foreach.Add_(means, gradients, 1 - Alpha);
            Foreach.AddCMul_(spreads, means, means, -1);
        }
        if (AsTensorFlow) Foreach.Add_(spreads, Eps);
        Tensor[] divisors = Foreach.Sqrt(spreads);
        if (!AsTensorFlow) Foreach.Add_(divisors, Eps);
        return divisors;
    }
}
