namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator matmul = new("aten::matmul(Tensor self, Tensor other) -> Tensor");
    static readonly Operator bmm = new("aten::bmm(Tensor self, Tensor mat2) -> Tensor");
    static readonly Operator baddbmm = new(
        "aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor");
    static readonly Operator linear = new("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor");
    static readonly Operator conv2d = new(
        "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, int[2] " +
        "dilation=1, int groups=1) -> Tensor");
    static readonly Operator convTranspose2d = new(
        "aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0, " +
        "int[2] output_padding=0, int groups=1, int[2] dilation=1) -> Tensor");
    static readonly Operator padding = new("aten::constant_pad_nd(Tensor self, int[] pad, Scalar value=0) -> Tensor");

    /// <summary>The matrix product of the last two dimensions, broadcast over the others.</summary>
    public Tensor MatMul(Tensor other) => matmul.Call(this, other);

    /// <summary>Matrix by matrix: <c>[B, N, M]</c> and <c>[B, M, P]</c> to <c>[B, N, P]</c>.</summary>
    public Tensor BatchMatMul(Tensor other) => bmm.Call(this, other);

    /// <summary>
    /// This, times beta, plus the products of left and right, times alpha: <c>[B, N, P]</c>; with beta 0 this is not read.
    /// </summary>
    /// <param name="left"><c>[B, N, M]</c></param>
    /// <param name="right"><c>[B, M, P]</c></param>
    /// <param name="beta">this one's factor</param>
    /// <param name="alpha">the products' factor</param>
    public Tensor AddBatchMatMul(Tensor left, Tensor right, double beta = 1, double alpha = 1) =>
        baddbmm.Call(this, left, right, beta, alpha);

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

    /// <summary>The transpose of a convolution without padding: <c>[N, C, H, W]</c> to <c>[N, O, sH (H - 1) + kH, sW (W - 1) +
    /// kW]</c>.</summary>
    /// <param name="weight"><c>[C, O, kH, kW]</c></param>
    /// <param name="bias"><c>[O]</c>, or null</param>
    /// <param name="stride">s, vertical and horizontal</param>
    public Tensor ConvTranspose2d(Tensor weight, Tensor? bias, long[] stride) =>
        convTranspose2d.Call(this, weight, bias, stride, new[] { 0L, 0L }, new[] { 0L, 0L }, 1L, new[] { 1L, 1L });

    /// <summary>A constant frame around the last two dimensions.</summary>
    public Tensor Pad(long left, long right, long top, long bottom, double value = 0) =>
        padding.Call(this, new[] { left, right, top, bottom }, value);

    /// <summary>Zeros around the last dimensions: before and after the last, then before and after the one before it.</summary>
    public Tensor PadLast(params long[] pad) => padding.Call(this, pad, 0.0);
}
