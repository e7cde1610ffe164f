using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Layer normalisation over the channels of each pixel, <c>[N, C, H, W]</c>, as ConvNeXt has it. The permutations cost nothing
/// where the input is channels-last, and the output always is. Ba et al. 2016, arXiv:1607.06450.
/// </summary>
public sealed class LayerNorm2d : Module
{
    static readonly long[] toChannelsLast = [0, 2, 3, 1], toChannelsFirst = [0, 3, 1, 2];
    readonly Parameter weight, bias;
    readonly long[] shape;
    readonly double eps;

    /// <summary>A layer normalisation at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="eps">added to the variance: ConvNeXt's 1e-6, not PyTorch's 1e-5</param>
    public LayerNorm2d(ModulePath at, int channels, double eps = 1e-6) : base(at)
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
        using Tensor pixels = input.Value.Permute(toChannelsLast); // [N, H, W, C]
        using Tensor normal = pixels.LayerNorm(shape, weight.Value, bias.Value, eps);
        return normal.Permute(toChannelsFirst); // [N, C, H, W]
    }

    /// <summary>Weights 1, biases 0.</summary>
    public override void ResetParameters(Initializer init)
    {
        Initializer.Constant(weight, 1);
        Initializer.Constant(bias, 0);
    }
}
