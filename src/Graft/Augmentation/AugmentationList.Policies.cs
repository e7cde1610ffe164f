using Graft.Imaging;

namespace Graft;

public static partial class AugmentationList
{
    static IReadOnlyList<TransformEntry> Policies() =>
    [
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
        new("autoaugment", "two learned operations of 25 pairs. Cubuk et al. 2018, arXiv:1805.09501",
            [Word("policy", policies, "the data it was learned on"), Filter()])
        {
            Make = its => new AutoAugment(
                Enum.Parse<AutoAugmentPolicy>(its.Word("policy"), ignoreCase: true), FilterOf(its), FillOf(its)),
        },
        new("randaugment", "n random operations of magnitude m. Cubuk et al. 2019, arXiv:1909.13719",
            [Whole("n", "2", "operations", 0, 14), Whole("m", "9", "magnitude", 0, 30), Filter()])
        {
            Make = its => new RandAugment(
                its.Whole("n"), its.Whole("m"), interpolation: FilterOf(its), fill: FillOf(its)),
        },
        new("trivialaugment", "one random operation of any magnitude. Müller and Hutter 2021, arXiv:2103.10158", [Filter()])
        {
            Make = its => new TrivialAugmentWide(interpolation: FilterOf(its), fill: FillOf(its)),
        },
        new("augmix", "the image mixed with chains of operations. Hendrycks et al. 2019, arXiv:1912.02781",
        [
            Whole("severity", "3", "greatest magnitude", 1, 10),
            Whole("width", "3", "chains", 1, 16),
            Whole("depth", "-1", "operations of a chain; -1: 1 to 3", -1, 16),
            Number("alpha", "1", "of the distributions of the weights", 0.001, 1000),
            Filter(1),
        ])
        {
            Make = its => new AugMix(its.Whole("severity"), its.Whole("width"), its.Whole("depth"), its.Number("alpha"),
                interpolation: FilterOf(its), fill: FillOf(its)),
        },
    ];
}
