using Graft.Torch;

namespace Graft.Nn;

/// <summary>The mean of each window, <c>[N, C, H, W]</c> to <c>[N, C, H', W']</c>, with PyTorch's defaults.</summary>
/// <param name="at">its place in the model</param>
/// <param name="kernel">both sides of the window</param>
/// <param name="stride">both steps; 0: the kernel's size</param>
/// <param name="padding">zeros on each side</param>
/// <param name="ceilMode">whether windows may end outside</param>
/// <param name="countPadding">whether the padding's zeros count: PyTorch's default; ResNet-D's shortcuts don't</param>
public sealed class AvgPool2d(
    ModulePath at, int kernel, int stride = 0, int padding = 0, bool ceilMode = false, bool countPadding = true) : Module(at)
{
    readonly int stride = stride == 0 ? kernel : stride;

    /// <inheritdoc/>
    public override long[]? KernelShape => [kernel, kernel];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.AvgPool2d(kernel, stride, padding, ceilMode, countPadding);
}
