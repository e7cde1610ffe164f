using Graft.Torch;

namespace Graft.Nn;

/// <summary>The largest of each channel, <c>[N, C, H, W]</c> to <c>[N, C]</c>.</summary>
public sealed class GlobalMaxPool(ModulePath at) : Module(at)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Tensor largest = x.AdaptiveMaxPool2d(1, 1);
        return largest.Flatten(1);
    }
}
