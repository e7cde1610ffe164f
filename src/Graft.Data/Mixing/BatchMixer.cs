using Graft.Imaging;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// MixUp (Zhang et al. 2017, arXiv:1710.09412) and CutMix (Yun et al. 2019, arXiv:1905.04899) of whole batches, with timm's
/// parameters: one draw for a batch, and the partner of sample i is sample N - 1 - i (the batch flipped; of an odd batch, the
/// middle sample stays as it is). Batches are shuffled, so that any fixed pairing is a random one. Draws are keyed by
/// (seed, epoch, batch).
/// </summary>
public sealed class BatchMixer
{
    const ulong Stream = 1ul << 62; // above every sample's index, so that no sample draws the same

    readonly ulong seed;

    /// <summary>A mixer; it has no state, one serves every epoch.</summary>
    /// <param name="classes">K.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public BatchMixer(int classes, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        (Classes, this.seed) = (classes, seed);
    }

    /// <summary>K.</summary>
    public int Classes { get; }

    /// <summary>MixUp's alpha: lambda comes from Beta(alpha, alpha). <value>0: no MixUp.</value></summary>
    public double MixUpAlpha { get; init; }

    /// <summary>CutMix's alpha. <value>0: no CutMix.</value></summary>
    public double CutMixAlpha { get; init; }

    /// <summary>How often a batch is mixed at all, in [0, 1]. <value>1.</value></summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where both are on: how often CutMix is taken, in [0, 1]. <value>0.5, as timm.</value></summary>
    public double SwitchProbability { get; init; } = 0.5;

    /// <summary>
    /// The share of the labels spread over all classes: the right one gets 1 - s + s / K, the others s / K, as timm. Leave it at
    /// 0 where the loss smooths, which comes to the same. <value>0.</value>
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What is done to that batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch's number in it, from 0.</param>
    /// <param name="height">Height of its images.</param>
    /// <param name="width">Width of its images.</param>
    public Mix Draw(int epoch, int batch, int height, int width)
    {
        SampleRandom random = new(seed, (ulong)epoch, Stream + (ulong)batch);
        bool mixes = random.NextDouble() < Probability;
        bool cuts = random.NextDouble() < SwitchProbability;
        if (!mixes || (MixUpAlpha <= 0 && CutMixAlpha <= 0)) return Mix.None;
        if (MixUpAlpha <= 0 || (CutMixAlpha > 0 && cuts))
        {
            double kept = BetaDistribution.Sample(ref random, CutMixAlpha, CutMixAlpha);
            return Mix.CutMix(kept, height, width, random.Next(height), random.Next(width));
        }
        return Mix.MixUp(BetaDistribution.Sample(ref random, MixUpAlpha, MixUpAlpha));
    }

    /// <summary>Mixes a batch in place, on the device where it lies.</summary>
    /// <param name="images">[N, C, H, W], or [N, D] for MixUp; changed.</param>
    /// <param name="mix">What to do.</param>
    /// <exception cref="ArgumentException">CutMix of what are no images.</exception>
    public static void MixImages(Tensor images, Mix mix)
    {
        if (mix.Kind == MixKind.None) return;
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        if (mix.Kind == MixKind.MixUp)
        {
            Tensor partners = images.Flip(0).Mul_(1 - mix.Lambda);
            images.Mul_(mix.Lambda).Add_(partners);
            return;
        }
        if (images.Rank != 4)
            throw new ArgumentException($"CutMix: expected images [N, C, H, W], came {images.Describe()}", nameof(images));
        Tensor box = images.Slice(2, mix.Top, mix.Bottom).Slice(3, mix.Left, mix.Right);
        box.Copy_(box.Flip(0));
    }

    /// <summary>The labels of a mixed batch, float32 [N, K] on the CPU; the caller's to dispose.</summary>
    /// <param name="labels">The samples' classes, N.</param>
    /// <param name="mix">What was done to the images.</param>
    /// <exception cref="ArgumentException">A label is no number of a class.</exception>
    public Tensor MixLabels(IReadOnlyList<int> labels, Mix mix)
    {
        int count = labels.Count;
        float[] targets = new float[count * Classes]; // [N, K]
        double off = LabelSmoothing / Classes, on = 1 - LabelSmoothing + off;
        Array.Fill(targets, (float)off);
        for (int i = 0; i < count; i++)
        {
            int own = labels[i], partner = labels[count - 1 - i];
            if ((uint)own >= (uint)Classes)
                throw new ArgumentException($"expected labels from 0 to {Classes - 1}, came {own}", nameof(labels));
            if (own == partner)
            {
                targets[i * Classes + own] = (float)on;
                continue;
            }
            targets[i * Classes + own] = (float)(on * mix.Lambda + off * (1 - mix.Lambda));
            if ((uint)partner < (uint)Classes)
                targets[i * Classes + partner] = (float)(off * mix.Lambda + on * (1 - mix.Lambda));
        }
        return Tensor.FromArray(targets, [count, Classes]);
    }

    /// <summary>The targets of a mixed batch whose samples have several labels: means weighted by lambda, in place.</summary>
    /// <param name="targets">float [N, K]; changed.</param>
    /// <param name="mix">What was done to the images.</param>
    public static void MixTargets(Tensor targets, Mix mix)
    {
        if (mix.Kind != MixKind.None) MixImages(targets, Mix.MixUp(mix.Lambda));
    }
}
