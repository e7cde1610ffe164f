namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator maxPool2d = new(
        "aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, " +
        "bool ceil_mode=False) -> Tensor");
    static readonly Operator avgPool2d = new(
        "aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, " +
        "bool count_include_pad=True, int? divisor_override=None) -> Tensor");
    static readonly Operator adaptiveAvgPool2d = new("aten::adaptive_avg_pool2d(Tensor self, int[2] output_size) -> Tensor");

    static readonly Operator adaptiveMaxPool2d = new(
        "aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)");

    /// <summary>The largest of each window: <c>[N, C, H, W]</c> to <c>[N, C, H', W']</c>.</summary>
    public Tensor MaxPool2d(long kernel, long stride, long pad = 0, bool ceilMode = false) =>
        maxPool2d.Call(this, new[] { kernel, kernel }, new[] { stride, stride }, new[] { pad, pad }, new[] { 1L, 1L }, ceilMode);

    /// <summary>The mean of each window: <c>[N, C, H, W]</c> to <c>[N, C, H', W']</c>.</summary>
    public Tensor AvgPool2d(long kernel, long stride, long pad = 0, bool ceilMode = false, bool countPadding = true) =>
        avgPool2d.Call(this, new[] { kernel, kernel }, new[] { stride, stride }, new[] { pad, pad }, ceilMode, countPadding);

    /// <summary>The mean of each of height x width equal windows: <c>[N, C, H, W]</c> to <c>[N, C, height, width]</c>.</summary>
    public Tensor AdaptiveAvgPool2d(long height, long width) => adaptiveAvgPool2d.Call(this, new[] { height, width });

    /// <summary>The largest of each of height x width equal windows: <c>[N, C, H, W]</c> to <c>[N, C, height,
    /// width]</c>.</summary>
    public Tensor AdaptiveMaxPool2d(long height, long width)
    {
        (Tensor values, Tensor indices) = adaptiveMaxPool2d.CallForTwo(this, new[] { height, width });
        indices.Dispose();
        return values;
    }
}
