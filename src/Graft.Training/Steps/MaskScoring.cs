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
    /// <param name="score">takes the loss, weighted by the pixels that count, and the share of right pixels</param>
    /// <param name="metrics">take each image's pixels</param>
    internal static void Add(
        Tensor logits, StepBatch batch, Func<Tensor, Tensor, Tensor> loss, Score score, MetricSet? metrics)
    {
        Tensor targets = batch.Targets.To(logits.Device); // [N, H, W]
        int height = (int)targets.Size(1), width = (int)targets.Size(2), area = height * width;
        Tensor full = AtSize(logits, height, width);
        long[] predicted = full.ArgMax(1).ToArray<long>(), truth = batch.Targets.ToArray<long>();
        long right = 0, pixels = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            if (truth[i] < 0) continue;
            pixels++;
            if (truth[i] == predicted[i]) right++;
        }
        score.AddPixels(loss(full, targets).Item<float>(), right, pixels);
        if (metrics is null) return;
        for (int from = 0; from < truth.Length; from += area)
            metrics.UpdateMask(predicted.AsSpan(from, area), truth.AsSpan(from, area), height, width);
    }
}
