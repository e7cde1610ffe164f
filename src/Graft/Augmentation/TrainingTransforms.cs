using Graft.Imaging;

namespace Graft;

/// <summary>From settings to the transforms that training images go through.</summary>
public static class TrainingTransforms
{
    /// <summary>The steps in their order; none: images as evaluation sees them.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="augments">Whether images are changed at random where the settings name neither preset nor transforms.</param>
    /// <exception cref="ArgumentException">A preset or a transform that there is not, or a value out of its range.</exception>
    public static IReadOnlyList<TransformSettings> Steps(AugmentationSettings settings, bool augments = true)
    {
        if (settings.Transforms is { } given)
            return [.. given, .. AugmentationPresets.Flips(settings, 0), .. AugmentationPresets.Erasing(settings, 0)];
        return AugmentationPresets.Expand(settings.Preset ?? (augments ? AugmentationPresets.Default : "none"), settings);
    }

    /// <summary>The transforms, for a network's preprocessing.</summary>
    /// <inheritdoc cref="Steps"/>
    /// <param name="settings">The settings.</param>
    /// <param name="target">The network's preprocessing, of which size, filter and filling count.</param>
    /// <param name="augments">Whether images are changed at random where the settings name neither preset nor transforms.</param>
    public static TransformList Build(AugmentationSettings settings, Preprocess target, bool augments = true) =>
        AugmentationPresets.Build(Steps(settings, augments), target);
}
