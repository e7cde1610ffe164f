using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// How much of each class's softmax probability lies on the class's own pixels, over a whole batch: what the losses of overlaps
/// are made of. Pixels of the class <see cref="LossTargets.Ignore"/> are in none of the sums.
/// </summary>
/// <param name="Right">probability on pixels of the class, <c>[K]</c>: soft true positives</param>
/// <param name="Predicted">probability on all pixels, <c>[K]</c></param>
/// <param name="Actual">pixels of the class, <c>[K]</c></param>
readonly record struct RegionOverlap(Tensor Right, Tensor Predicted, Tensor Actual)
{
    static readonly long[] pixels = [0, 2, 3];

    /// <summary>Of logits <c>[N, K, H, W]</c>, in float32, and classes int64 <c>[N, H, W]</c>.</summary>
    public static RegionOverlap Of(Tensor logits, Tensor targets)
    {
        Tensor full = logits.To(DType.Float32);
        Tensor truth = LossTargets.OfPixels(targets, full); // [N, K, H, W]
        Tensor probability = full.Softmax(1); // [N, K, H, W]
        Tensor counts = truth.Sum([1], keepDimension: true); // [N, 1, H, W]: 0 where a pixel is ignored
        return new RegionOverlap(
            (probability * truth).Sum(pixels), (probability * counts).Sum(pixels), truth.Sum(pixels));
    }

    /// <summary>The mean over the classes that occur in the batch; 0 where none does.</summary>
    /// <param name="losses"><c>[K]</c></param>
    public Tensor MeanOfPresent(Tensor losses)
    {
        Tensor present = Actual.Clamp(max: 1); // whole numbers: 0 or 1
        return (losses * present).Sum() / present.Sum().Clamp(min: 1);
    }
}
