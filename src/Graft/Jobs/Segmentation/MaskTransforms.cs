using Graft.Imaging;

namespace Graft;

/// <summary>What training images go through together with their masks.</summary>
/// <param name="crop">the size of what comes out</param>
/// <param name="side">the shorter side of an image at scale 1</param>
/// <param name="config">the settings</param>
sealed class MaskTransforms(CropSettings crop, int side, JobConfig config)
{
    readonly SegmentationSettings its = config.Segmentation;
    /// <summary>Refuses what is for whole images.</summary>
    /// <exception cref="ArgumentException">Something of it was asked for.</exception>
    public static void Check(AugmentationSettings settings)
    {
        if (settings.MixUp > 0 || settings.CutMix > 0)
            throw new ArgumentException(
                "mixup and cutmix: they mix the labels of whole images, and masks have none. Leave them out.");
        if (settings.Preset is not (null or "none" or AugmentationPresets.Default))
            throw new ArgumentException(
                $"augmentation preset {settings.Preset}: made for whole images; with masks, expected "
                + $"{AugmentationPresets.Default}, none, or a list of transforms (--augmentation FILE).");
        if (settings.Resize is not null || settings.MinimumCrop is not null || settings.MaximumCrop < 1)
            throw new ArgumentException(
                "resize and crop shares: made for whole images; with masks, the crop (--crop) and the scale (--scale) say this.");
    }

    /// <summary>The transforms in their order: scale and crop, then those of a list, mirroring, erasing.</summary>
    /// <param name="preprocess">whose filter is used</param>
    /// <exception cref="ArgumentException">One of the list moves pixels in a way that masks can't follow.</exception>
    public MaskedTransformList Build(Preprocess preprocess)
    {
        bool scales = Augments(config);
        Preprocess target = preprocess with { Height = crop.Height, Width = crop.Width };
        return
        [
            RandomScaleCrop.Of(
                crop.Height, crop.Width, scales ? its.MinimumScale : 1, scales ? its.MaximumScale : 1, side) with
            {
                MaximumShare = its.ClassCap ?? 1,
                Interpolation = preprocess.Interpolation,
            },
            .. Steps(config).Select(step => MaskedTransform.Of(AugmentationList.Create(step, target))),
        ];
    }

    /// <summary>What is done, for people and for the summary.</summary>
    public static IEnumerable<string> Words(JobConfig config)
    {
        SegmentationSettings its = config.Segmentation;
        yield return Augments(config) ? FormattableString.Invariant($"scale: {its.MinimumScale} to {its.MaximumScale}")
            : "scale: 1";
        yield return its.ClassCap is { } cap ? FormattableString.Invariant($"crop: one class at most {cap}") : "crop";
        foreach (TransformSettings step in Steps(config)) yield return step.ToString();
    }

    static bool Augments(JobConfig config) => config.Augment ?? config.Augmentation.Preset is not "none";

    static IEnumerable<TransformSettings> Steps(JobConfig config)
    {
        AugmentationSettings changes = config.Augmentation;
        double usual = Augments(config) && changes.Transforms is null ? 0.5 : 0;
        return
        [
            .. changes.Transforms ?? [], .. AugmentationPresets.Flips(changes, usual),
            .. AugmentationPresets.Erasing(changes, 0),
        ];
    }
}
