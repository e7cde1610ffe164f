using Graft.Imaging;

namespace Graft;

public static partial class AugmentationList
{
    static IReadOnlyList<TransformEntry> Light() =>
    [
        new("color_jitter", "brightness, contrast, saturation and hue in a random order; torchvision's ColorJitter",
        [
            Number("brightness", "0.4", "factors from 1 - x to 1 + x", 0, 100),
            Number("contrast", "0.4", "factors from 1 - x to 1 + x", 0, 100),
            Number("saturation", "0.4", "factors from 1 - x to 1 + x", 0, 100),
            Number("hue", "0", "turns from -x to x of the circle", 0, 0.5),
        ])
        {
            Make = its => new ColorJitter(
                its.Number("brightness"), its.Number("contrast"), its.Number("saturation"), its.Number("hue")),
        },
        new("gray", "makes grey", [Chance("0.1")]) { Make = its => new RandomGrayscale(ChanceOf(its)) },
        new("blur", "Gaussian blur",
        [
            Whole("kernel", "5", "pixels of the window, odd", 1, 255),
            Range("sigma", "0.1,2", "standard deviations in pixels", 0.001, 100),
        ])
        {
            Make = its => new GaussianBlur(its.Whole("kernel"), sigma: IntervalOf(its, "sigma")),
        },
        new("noise", "normal noise on every value", [Number("sigma", "0.1", "standard deviation; 1 is the whole range", 0, 10)])
        {
            Make = its => new GaussianNoise(its.Number("sigma")),
        },
        new("gamma", "value ^ gamma; dm_pix's random_gamma", [Range("gamma", "0.8,1.25", "exponents", 0, 100)])
        {
            Make = its => new RandomGamma(IntervalOf(its, "gamma")),
        },
        new("contrast", "towards or away from the channel's mean; dm_pix's random_contrast",
            [Range("factor", "0.8,1.25", "1 changes nothing", 0, 100)])
        {
            Make = its => new RandomContrast(IntervalOf(its, "factor")),
        },
        new("sharpness", "sharpens or smooths", [Number("factor", "2", "0 smooths, 1 changes nothing", 0, 100), Chance("0.5")])
        {
            Make = its => new RandomAdjustSharpness(its.Number("factor"), ChanceOf(its)),
        },
        new("posterize", "keeps the highest bits", [Whole("bits", "4", "bits to keep", 0, 8), Chance("0.5")])
        {
            Make = its => new RandomPosterize(its.Whole("bits"), ChanceOf(its)),
        },
        new("solarize", "inverts values from a threshold on", [Number("threshold", "128", "of 256", 0, 256), Chance("0.5")])
        {
            Make = its => new RandomSolarize(its.Number("threshold"), ChanceOf(its)),
        },
        new("autocontrast", "stretches values to the whole range", [Chance("0.5")])
        {
            Make = its => new RandomAutocontrast(ChanceOf(its)),
        },
        new("equalize", "makes all values about equally frequent", [Chance("0.5")])
        {
            Make = its => new RandomEqualize(ChanceOf(its)),
        },
        new("invert", "inverts values", [Chance("0.5")]) { Make = its => new RandomInvert(ChanceOf(its)) },
    ];
}
