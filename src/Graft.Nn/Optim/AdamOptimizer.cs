using Graft.Torch;

namespace Graft.Nn;

/// <summary>What <see cref="Adam"/>, <see cref="AdamW"/> and <see cref="Lamb"/> share. Kingma and Ba 2014,
/// arXiv:1412.6980.</summary>
public abstract class AdamOptimizer : Optimizer
{
    private protected AdamOptimizer(IEnumerable<ParameterGroup> groups, double beta1, double beta2, double eps)
        : base(groups, "exp_avg", "exp_avg_sq")
    {
        Beta1 = beta1;
        Beta2 = beta2;
        Eps = eps;
    }

    /// <summary>The decay of the mean of gradients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Beta1
    {
        get;
        set => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"beta1: expected a number in [0, 1), came {value}");
    }

    /// <summary>The decay of the mean of squared gradients.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in [0, 1).</exception>
    public double Beta2
    {
        get;
        set => field = value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"beta2: expected a number in [0, 1), came {value}");
    }

    /// <summary>Added to the root of the mean square.</summary>
    public double Eps { get; set; }

    /// <summary><see cref="Beta1"/>.</summary>
    public override double Momentum
    {
        get => Beta1;
        set => Beta1 = value;
    }

    /// <summary>
    /// Moves the values along the means. The bias corrections of both means are folded into the step and into eps, which spares a
    /// pass over memory: step * (m / c1) / (sqrt(v / c2) + eps) = step * sqrt(c2) / c1 * m / (sqrt(v) + eps * sqrt(c2)).
    /// </summary>
    private protected void Move(Block block, Tensor[] gradients)
    {
        Track(block, gradients);
        Tensor[] means = block.States[0], roots = Foreach.Sqrt(block.States[1]);
        Foreach.Add_(roots, block.Each((_, steps) => Eps * Math.Sqrt(1 - Math.Pow(Beta2, steps))));
        Foreach.AddCDiv_(block.Values, means, roots, block.Each((group, steps) =>
            -group.LearningRate * Math.Sqrt(1 - Math.Pow(Beta2, steps)) / (1 - Math.Pow(Beta1, steps))));
    }

    /// <summary>Lets the means take in the gradients of a step.</summary>
    private protected void Track(Block block, Tensor[] gradients)
    {
        Tensor[] means = block.States[0], squares = block.States[1];
        Foreach.Mul_(means, Beta1);
        Foreach.Add_(means, gradients, 1 - Beta1);
        Foreach.Mul_(squares, Beta2);
        Foreach.AddCMul_(squares, gradients, gradients, 1 - Beta2);
    }
}
