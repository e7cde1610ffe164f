using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// Atrous spatial pyramid pooling of the last map, and 3 x 3. Chen et al. 2017, arXiv:1706.05587; names as torchvision's. The
/// rates are 12, 24, 36 for a map of an eighth of the image's size, as many pixels of the image for any other: 6, 12, 18 at a
/// sixteenth, and 3, 6, 9 at a thirty-second, where a backbone cannot be dilated.
/// </summary>
sealed class DeepLabDecoder : Decoder
{
    const int Width = 256, RatePixels = 96;
    readonly Module[] layers;

    /// <summary>A decoder of the last map.</summary>
    public DeepLabDecoder(ModulePath at, DecoderLevel last) : base(at)
    {
        Stride = last.Stride;
        int rate = Math.Max(1, (int)Math.Round(RatePixels / last.Stride));
        layers =
        [
            new Aspp(at / 0, last.Channels, Width, [rate, 2 * rate, 3 * rate]),
            new ConvNorm(at, "1", "2", Width, Width, kernel: 3, activation: ActivationKind.Relu),
        ];
    }

    public override int Channels => Width;

    public override double Stride { get; }

    public override Tensor Decode(IReadOnlyList<Tensor> maps) => layers.ForwardAll(maps[^1]); // [N, 256, h, w]
}
