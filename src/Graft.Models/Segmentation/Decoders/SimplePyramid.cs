using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// Four maps from the one of a plain vision transformer: four times and twice as large by transposed convolutions, as it is, and
/// half as large by the maximum. Li et al. 2022, "Exploring Plain Vision Transformer Backbones for Object Detection",
/// arXiv:2203.16527. It belongs to the decoder, and is learned with it.
/// </summary>
sealed class SimplePyramid
{
    readonly ConvTranspose2d first, second, only;
    readonly LayerNorm2d norm;

    /// <summary>A pyramid of such a map.</summary>
    public SimplePyramid(ModulePath at, DecoderLevel level)
    {
        (int width, double stride) = (level.Channels, level.Stride);
        int half = Math.Max(1, width / 2), quarter = Math.Max(1, width / 4);
        first = new ConvTranspose2d(at / "up4.0", width, half, kernel: 2);
        norm = new LayerNorm2d(at / "up4.1", half);
        second = new ConvTranspose2d(at / "up4.3", half, quarter, kernel: 2);
        only = new ConvTranspose2d(at / "up2.0", width, half, kernel: 2);
        Levels = [new(quarter, stride / 4), new(half, stride / 2), level, new(width, stride * 2)];
    }

    /// <summary>The maps that it gives, finest first.</summary>
    public IReadOnlyList<DecoderLevel> Levels { get; }

    /// <summary>The map <c>[N, D, H, W]</c> as four; the caller frees them.</summary>
    public Tensor[] Forward(Tensor map)
    {
        Tensor large = first.Forward(map).Then(norm); // [N, D / 2, 2 H, 2 W]
        large = Activation.ApplyTo(ActivationKind.Gelu, large).Then(second); // [N, D / 4, 4 H, 4 W]
        return [large, only.Forward(map), map.Share(), map.MaxPool2d(kernel: 2, stride: 2, ceilMode: true)];
    }
}
