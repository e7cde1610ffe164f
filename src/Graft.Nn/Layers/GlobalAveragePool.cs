using Graft.Torch;

namespace Graft.Nn;

/// <summary>The mean of each channel, <c>[N, C, H, W]</c> to <c>[N, C]</c>. Lin et al. 2013, arXiv:1312.4400.</summary>
public sealed class GlobalAveragePool(ModulePath at) : Module(at)
{
    static readonly long[] spatial = [2, 3];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Full(x);
        return input.Value.Mean(spatial);
    }
}
