using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>What a model makes of the pixels of images that have masks.</summary>
public static class MaskScoring
{
    /// <summary>
    /// Logits <c>[N, K, h, w]</c> at the size of masks, <c>[N, K, H, W]</c>, in float32: bilinear between the centres of pixels
    /// (<c>align_corners=False</c>), as torchvision's and Hugging Face's networks do it. The caller's to dispose, unless they are
    /// of that size and type already.
    /// </summary>
    /// <param name="logits"><c>[N, K, h, w]</c></param>
    /// <param name="height">H</param>
    /// <param name="width">W</param>
    public static Tensor AtSize(Tensor logits, long height, long width)
    {
        Tensor full = logits.To(DType.Float32);
        if (full.Size(2) == height && full.Size(3) == width) return full;
        Tensor resampled = full.ResampleBilinear(height, width);
        if (!ReferenceEquals(full, logits)) full.Dispose();
        return resampled;
    }

    /// <summary>The pixels that count, and how many of these have the most probable class right.</summary>
    /// <param name="logits"><c>[N, K, H, W]</c></param>
    /// <param name="targets">int64 <c>[N, H, W]</c>; negative where pixels do not count</param>
    internal static (long Right, long Pixels) Count(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor predicted = logits.Detach().ArgMax(1); // [N, H, W]
        long right = predicted.EqualTo(targets).Sum().Item<long>();
        long ignored = targets.EqualTo(LossTargets.Ignore).Sum().Item<long>();
        return (right, targets.ElementCount - ignored);
    }

    /// <summary>Adds a batch of masks to a validation's sums: every pixel at the masks' own size.</summary>
    /// <param name="logits"><c>[N, K, h, w]</c></param>
    /// <param name="batch">its masks</param>
    /// <param name="loss">of logits and masks of the same size</param>
    /// <param name="score">takes each image's loss, weighted by its pixels that count, and the right pixels</param>
    /// <param name="metrics">take each image's pixels</param>
    internal static void Add(
        Tensor logits, StepBatch batch, Func<Tensor, Tensor, Tensor> loss, Score score, MetricSet? metrics)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            using var scope = new TensorScope(); // one by one: scores of all classes at a photo's own size are large
            Tensor targets = batch.Targets.Slice(0, i, i + 1); // [1, H, W]
            int height = (int)targets.Size(1), width = (int)targets.Size(2);
            Tensor full = AtSize(logits.Slice(0, i, i + 1), height, width); // [1, K, H, W]
            long[] predicted = full.ArgMax(1).ToArray<long>(), truth = targets.ToArray<long>();
            long right = 0, pixels = 0;
            for (int at = 0; at < truth.Length; at++)
            {
                if (truth[at] < 0) continue;
                pixels++;
                if (truth[at] == predicted[at]) right++;
            }
            score.AddPixels(loss(full, targets.To(full.Device)).Item<float>(), right, pixels);
            metrics?.UpdateMask(predicted, truth, height, width);
        }
    }
}
