using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

public sealed partial class ImageModel
{
    /// <summary>Whether it gives a class for every pixel, not one answer for an image.</summary>
    public bool IsSegmentation => Head is SegmentationHead;

    /// <summary>Whether it has an auxiliary head, whose logits training adds to the loss and use leaves out.</summary>
    public bool HasAuxiliary => Head is SegmentationHead { HasAuxiliary: true };

    /// <summary>
    /// Images <c>[N, C, H, W]</c> to logits of every pixel, <c>[N, K, h, w]</c>, and those of the auxiliary head where there is
    /// one. h and w are H and W for all networks but Hugging Face's own: SegFormer's logits have a quarter of the size, those of
    /// its MobileNetV2 an eighth, rounded up.
    /// <see cref="Forward"/> gives the first alone, and does not compute the second.
    /// </summary>
    /// <exception cref="InvalidOperationException">It gives one answer for an image.</exception>
    public SegmentationLogits Segment(Tensor images) => Segmented(images, HasAuxiliary);

    SegmentationLogits Segmented(Tensor images, bool auxiliary)
    {
        if (Head is not SegmentationHead head)
            throw new InvalidOperationException($"{FullName} gives one answer for an image, not one for every pixel.");
        IReadOnlyList<Tensor> maps = Backbone.Maps(images, auxiliary);
        try
        {
            maps = Full(maps);
            using PrecisionScope full = Precision.Use(DType.Float32);
            return head.Segment(maps, images.Size(2), images.Size(3));
        }
        finally
        {
            foreach (Tensor map in maps) map.Dispose();
        }
    }

    /// <summary>The maps in float32; narrow ones are freed.</summary>
    static Tensor[] Full(IReadOnlyList<Tensor> maps)
    {
        Tensor[] full = [.. maps];
        for (int i = 0; i < full.Length; i++)
        {
            if (!Precision.IsNarrow(full[i])) continue;
            full[i] = full[i].To(DType.Float32);
            maps[i].Dispose();
        }
        return full;
    }

    /// <summary>The places of what stands between backbone and head, auxiliary branch included; none in a classifier.</summary>
    public IReadOnlyList<string> DecoderPaths => Backbone.DecoderPaths;

    /// <summary>Those of them that were started anew, since the weights were of the backbone alone.</summary>
    public IReadOnlyList<string> NewDecoderPaths => Receipt is not { } receipt ? DecoderPaths
        : [.. DecoderPaths.Where(path => receipt.Entries.Any(entry =>
            entry is { Status: WeightStatus.Started, Name: { } name } && ModulePath.IsWithin(name, path)))];

    /// <summary>Whether a weight of that name is the auxiliary branch's, its head included.</summary>
    public bool IsOfAuxiliary(string name) => HasAuxiliary &&
        (Backbone.AuxiliaryPaths.Any(path => ModulePath.IsWithin(name, path)) || ModulePath.IsWithin(name, HeadPaths[^1]));

    /// <summary>Everything that it computes in training: of two outputs the main one.</summary>
    internal Tensor Whole(Tensor images)
    {
        if (!HasAuxiliary) return Forward(images);
        SegmentationLogits logits = Segment(images);
        logits.Auxiliary?.Dispose();
        return logits.Out;
    }

    /// <summary>What the outputs of such a network mean, before anything else is said.</summary>
    ModelTask OwnTask => new() { Problem = IsSegmentation ? ProblemType.Segmentation : ProblemType.SingleLabel };
}
