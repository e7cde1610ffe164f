namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator bicubic2d = new(
        "aten::upsample_bicubic2d(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? " +
        "scales_w=None) -> Tensor");
    static readonly Operator bicubic2dAntialiased = new(
        "aten::_upsample_bicubic2d_aa(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? " +
        "scales_w=None) -> Tensor");
    static readonly Operator bilinear2d = new(
        "aten::upsample_bilinear2d(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? " +
        "scales_w=None) -> Tensor");
    static readonly Operator bilinear2dAntialiased = new(
        "aten::_upsample_bilinear2d_aa(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? " +
        "scales_w=None) -> Tensor");

    static readonly Operator nearest2d = new(
        "aten::upsample_nearest2d(Tensor self, int[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor");

    /// <summary>
    /// The nearest pixel as PyTorch's <c>interpolate</c> takes it: <c>[N, C, H, W]</c> to <c>[N, C, height, width]</c>.
    /// </summary>
    /// <param name="height">of the result</param>
    /// <param name="width">of the result</param>
    public Tensor ResampleNearest(long height, long width) => nearest2d.Call(this, new[] { height, width });

    /// <summary>
    /// Bicubic resampling as PyTorch's <c>interpolate</c>: <c>[N, C, H, W]</c> to <c>[N, C, height, width]</c>.
    /// </summary>
    /// <param name="height">of the result</param>
    /// <param name="width">of the result</param>
    /// <param name="alignCorners">whether the outermost points, not the outermost edges, fall on each other</param>
    public Tensor ResampleBicubic(long height, long width, bool alignCorners = false) =>
        bicubic2d.Call(this, new[] { height, width }, alignCorners);

    /// <summary>The same with the filter widened where the result is smaller.</summary>
    public Tensor ResampleBicubicAntialiased(long height, long width) =>
        bicubic2dAntialiased.Call(this, new[] { height, width }, false);

    /// <summary>
    /// Bilinear resampling as PyTorch's <c>interpolate</c>: <c>[N, C, H, W]</c> to <c>[N, C, height, width]</c>.
    /// </summary>
    /// <param name="height">of the result</param>
    /// <param name="width">of the result</param>
    /// <param name="alignCorners">whether the outermost points, not the outermost edges, fall on each other</param>
    public Tensor ResampleBilinear(long height, long width, bool alignCorners = false) =>
        bilinear2d.Call(this, new[] { height, width }, alignCorners);

    /// <summary>
    /// The same by a factor, whatever the sizes: what of the larger map goes beyond height and width is cut off, not squeezed in.
    /// PyTorch's <c>interpolate</c> with <c>recompute_scale_factor=False</c>.
    /// </summary>
    /// <param name="height">of the result: at most factor times this one's</param>
    /// <param name="width">of the result: at most factor times this one's</param>
    /// <param name="factor">how many times as large</param>
    public Tensor UpsampleBilinear(long height, long width, double factor) =>
        bilinear2d.Call(this, new[] { height, width }, false, factor, factor);

    /// <summary>The same with the filter widened where the result is smaller.</summary>
    public Tensor ResampleBilinearAntialiased(long height, long width) =>
        bilinear2dAntialiased.Call(this, new[] { height, width }, false);
}
