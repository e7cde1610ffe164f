using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Global response normalisation over <c>[N, H, W, C]</c>: contrast between channels. Woo et al. 2023 (ConvNeXt V2),
/// arXiv:2301.00808.
/// </summary>
public sealed class GlobalResponseNorm : Module
{
    static readonly long[] spatial = [1, 2], channel = [3];
    readonly Parameter weight, bias;
    readonly double eps;

    /// <summary>A global response normalisation at that path.</summary>
    public GlobalResponseNorm(ModulePath at, int channels, double eps = 1e-6) : base(at)
    {
        this.eps = eps;
        weight = at.Weight("weight", channels);
        bias = at.Weight("bias", channels);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        x = Precision.Full(x).Value; // the scope frees it
        Tensor response = x.Norm(spatial, keepDimension: true); // [N, 1, 1, C]
        Tensor relative = response / (response.Mean(channel, keepDimension: true) + eps); // [N, 1, 1, C]
        return scope.Keep(x * (relative * weight.Value + 1) + bias.Value);
    }

    /// <summary>Weights and biases 0: the identity.</summary>
    public override void ResetParameters(Initializer init)
    {
        Initializer.Constant(weight, 0);
        Initializer.Constant(bias, 0);
    }
}
