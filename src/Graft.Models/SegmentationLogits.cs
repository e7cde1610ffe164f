using Graft.Torch;

namespace Graft.Models;

/// <summary>What a segmentation network says of every pixel.</summary>
/// <param name="Out">
/// <c>[N, K, h, w]</c>, one logit for each class, at the network's own resolution: torchvision's networks and those with one of
/// Graft's decoders bring it to the size of the images, SegFormer leaves it at a quarter of that, Hugging Face's MobileNetV2 at
/// an eighth
/// </param>
/// <param name="Auxiliary">the same by the auxiliary head, of the same size; null without one</param>
public sealed record SegmentationLogits(Tensor Out, Tensor? Auxiliary) : IDisposable
{
    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        Out.Dispose();
        Auxiliary?.Dispose();
    }
}
