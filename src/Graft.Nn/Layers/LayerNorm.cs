using Graft.Torch;

namespace Graft.Nn;

/// <summary>Layer normalisation over the last dimension, <c>[..., C]</c>. Ba et al. 2016, arXiv:1607.06450.</summary>
public sealed class LayerNorm : Module
{
    readonly Parameter weight, bias;
    readonly long[] shape;
    readonly double eps;

    /// <summary>A layer normalisation at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="eps">added to the variance: PyTorch's 1e-5; most vision transformers and ConvNeXt want 1e-6</param>
    public LayerNorm(ModulePath at, int channels, double eps = 1e-5) : base(at)
    {
        this.eps = eps;
        shape = [channels];
        weight = at.Weight("weight", channels);
        bias = at.Weight("bias", channels);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Full(x);
        return input.Value.LayerNorm(shape, weight.Value, bias.Value, eps);
    }

    /// <summary>Weights 1, biases 0.</summary>
    public override void ResetParameters(Initializer init)
    {
        Initializer.Constant(weight, 1);
        Initializer.Constant(bias, 0);
    }
}
