using Graft.Torch;

namespace Graft.Nn;

/// <summary>The largest of each window, <c>[N, C, H, W]</c> to <c>[N, C, H', W']</c>, with PyTorch's defaults.</summary>
/// <param name="at">its place in the model</param>
/// <param name="kernel">both sides of the window</param>
/// <param name="stride">both steps; 0: the kernel's size</param>
/// <param name="padding">minus infinity on each side, or <see cref="Padding.Same"/></param>
/// <param name="ceilMode">whether windows may end outside</param>
public sealed class MaxPool2d(
    ModulePath at, int kernel, int stride = 0, Padding padding = default, bool ceilMode = false) : Module(at)
{
    readonly int stride = stride == 0 ? kernel : stride;

    /// <inheritdoc/>
    public override long[]? KernelShape => [kernel, kernel];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (padding.IsSymmetric) return x.MaxPool2d(kernel, stride, padding.Size, ceilMode);
        Tensor padded = padding.Apply(x, kernel, stride, value: double.NegativeInfinity);
        Tensor y = padded.MaxPool2d(kernel, stride, 0, ceilMode);
        if (!ReferenceEquals(padded, x)) padded.Dispose();
        return y;
    }
}
