using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Normalisation by the root mean square of the last dimension, <c>[..., C]</c>, without a mean or a bias. Zhang and Sennrich
/// 2019, arXiv:1910.07467.
/// </summary>
public sealed class RmsNorm : Module
{
    static readonly long[] last = [-1];
    readonly Parameter weight;
    readonly double eps;

    /// <summary>A normalisation at that path.</summary>
    /// <param name="at">where its weight is saved</param>
    /// <param name="channels">C</param>
    /// <param name="eps">added to the mean square: timm's 1e-6</param>
    public RmsNorm(ModulePath at, int channels, double eps = 1e-6) : base(at)
    {
        this.eps = eps;
        weight = at.Weight("weight", channels);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        x = Precision.Full(x).Value; // the scope frees it
        Tensor meanSquare = x.Square().Mean(last, keepDimension: true); // [..., 1]
        return scope.Keep(x * (meanSquare + eps).Pow(-0.5) * weight.Value);
    }

    /// <summary>Weights 1.</summary>
    public override void ResetParameters(Initializer init) => Initializer.Constant(weight, 1);
}
