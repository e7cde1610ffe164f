namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator matmul = new("aten::matmul(Tensor self, Tensor other) -> Tensor");
    static readonly Operator linear = new("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
    static readonly Operator conv2d = new(
        "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, int[2] " +
        "dilation=1, int groups=1) -> Tensor");
    static readonly Operator padding = new("aten::constant_pad_nd(Tensor self, int[] pad, Scalar value=0) -> Tensor");

    /// <summary>The matrix product of the last two dimensions, broadcast over the others.</summary>
    public Tensor MatMul(Tensor other) => matmul.Call(this, other);

    /// <summary>x W^T + b.</summary>
    /// <param name="weight"><c>[out, in]</c></param>
    /// <param name="bias"><c>[out]</c>, or null</param>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => linear.Call(this, weight, bias);

    /// <summary>Two-dimensional convolution (cross-correlation, as the field has it): <c>[N, C, H, W]</c> to <c>[N, O, H',
    /// W']</c>.</summary>
    /// <param name="weight"><c>[O, C / groups, kH, kW]</c></param>
    /// <param name="bias"><c>[O]</c>, or null</param>
    /// <param name="stride">vertical and horizontal</param>
    /// <param name="pad">zeros on both sides, vertical and horizontal</param>
    /// <param name="dilation">vertical and horizontal</param>
    /// <param name="groups">1: every output sees every input; C: depthwise</param>
    public Tensor Conv2d(Tensor weight, Tensor? bias, long[] stride, long[] pad, long[] dilation, long groups = 1) =>
        conv2d.Call(this, weight, bias, stride, pad, dilation, groups);

    /// <summary>A constant frame around the last two dimensions.</summary>
    public Tensor Pad(long left, long right, long top, long bottom, double value = 0) =>
        padding.Call(this, new[] { left, right, top, bottom }, value);
}
