using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>Every transform that can be chosen by name: the one place that knows them all.</summary>
public static class AugmentationList
{
    static readonly string[] methods = ["crop", "squish", "pad"], truth = ["false", "true"];

    /// <summary>The transforms, in the order of their help: geometry, light, policies.</summary>
    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        new("random_resized_crop", "a crop of random area and ratio, resized to the input",
        [
            Range("scale", "0.08,1", "share of the area", 0.001, 1),
            Range("ratio", "0.75,1.3333333333333333", "width / height", 0.01, 100),
        ])
        {
            Make = its => new RandomResizedCrop(its.Target.Height, its.Target.Width, its.Range("scale").Low,
                its.Range("scale").High, its.Range("ratio").Low, its.Range("ratio").High, its.Target.Interpolation),
        },
        new("resize", "the whole image, or as much as fits, at a random place", [Word("method", methods, "how")])
        {
            Make = its => new RandomPlacement(
                its.Target.Height, its.Target.Width, Method(its.Word("method")), its.Target.Interpolation)
            {
                Fill = its.Target.Fill,
            },
        },
        new("center", "resize and crop as in evaluation", []) { Make = its => new GeometryTransform(its.Target) },
        new("hflip", "mirrors left and right", [Chance("0.5")])
        {
            Make = its => new RandomHorizontalFlip((float)its.Number("p")),
        },
        new("vflip", "mirrors top and bottom", [Chance("0.5")])
        {
            Make = its => new RandomVerticalFlip((float)its.Number("p")),
        },
        new("fastai", "fastai's aug_transforms: flip, rotation, zoom, perspective warp, brightness, contrast, in one resampling",
        [
            Word("method", methods, "what becomes of images of another ratio"),
            Number("flip", "0.5", "how often the image is mirrored", 0, 1),
            Word("flip_vert", truth, "all eight symmetries of the square instead of the mirror image"),
            Number("max_rotate", "10", "degrees", 0, 180),
            Number("min_zoom", "1", "least magnification", 0.01, 100),
            Number("max_zoom", "1.1", "greatest magnification", 0.01, 100),
            Number("max_lighting", "0.2", "change of brightness and contrast", 0, 0.99),
            Number("max_warp", "0.2", "perspective", 0, 0.99),
            Number("p_affine", "0.75", "how often each of rotation, zoom, warp happens", 0, 1),
            Number("p_lighting", "0.75", "how often each of brightness, contrast changes", 0, 1),
            Number("min_scale", "1", "least share of the area that a crop takes", 0.001, 1),
        ])
        {
            Make = its => new FastaiAugmentation(its.Target.Height, its.Target.Width)
            {
                Method = Method(its.Word("method")),
                FlipProbability = its.Number("flip"),
                AllSymmetries = its.Flag("flip_vert"),
                MaximumRotation = its.Number("max_rotate"),
                MinimumZoom = its.Number("min_zoom"),
                MaximumZoom = Math.Max(its.Number("min_zoom"), its.Number("max_zoom")),
                MaximumLighting = its.Number("max_lighting"),
                MaximumWarp = its.Number("max_warp"),
                AffineProbability = its.Number("p_affine"),
                LightingProbability = its.Number("p_lighting"),
                MinimumScale = its.Number("min_scale"),
                Fill = its.Target.Fill,
            },
        },
    ];

    /// <summary>Makes a transform.</summary>
    /// <param name="settings">Which, with what.</param>
    /// <param name="target">The network's preprocessing.</param>
    /// <exception cref="ArgumentException">There is no such transform or parameter, or a value is out of its range.</exception>
    public static IImageTransform Create(TransformSettings settings, Preprocess target)
    {
        TransformEntry entry = All.FirstOrDefault(one => one.Name == settings.Name) ??
            throw new ArgumentException($"augmentation: no transform is named '{settings.Name}'." +
                $"{Suggest.DidYouMean(settings.Name, All.Select(one => one.Name))} See graft data augmentations.");
        return entry.Make(new TransformArguments(entry.Name, entry.Parameters, settings.Parameters, target));
    }

    static ResizeMethod Method(string word) => Enum.Parse<ResizeMethod>(word, ignoreCase: true);

    static TransformParameter Chance(string standard) => Number("p", standard, "how often it happens", 0, 1);

    static TransformParameter Number(string name, string standard, string meaning, double minimum, double maximum) =>
        new(name, standard, meaning, minimum, maximum);

    static TransformParameter Range(string name, string standard, string meaning, double minimum, double maximum) =>
        new(name, standard, meaning, minimum, maximum) { Count = 2 };

    static TransformParameter Word(string name, string[] choices, string meaning) =>
        new(name, choices[0], meaning) { Count = 0, Choices = choices };
}
