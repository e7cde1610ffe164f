using System.Diagnostics;
using Graft.Imaging;

namespace Graft.Bench;

/// <summary>Milliseconds of each operation of augmentation on one thread; the peer is <c>peers/pixels.py</c>.</summary>
static class PixelsBench
{
    /// <summary>The photograph is brought to 500 x 375; the least time of many runs counts.</summary>
    public static object Run(string path)
    {
        using Image photo = ImageCodec.Load(path);
        using Image image = Resize.Apply(photo, 500, 375, Interpolation.Bilinear);
        PerspectiveMatrix tilt = PerspectiveMatrix.Between(
            [(0, 0), (499, 0), (499, 374), (0, 374)], [(30, 20), (470, 10), (480, 360), (12, 350)]);
        (string Name, Func<Image> Run)[] operations =
        [
            ("horizontal flip", () => Flip.Horizontal(image)),
            ("vertical flip", () => Flip.Vertical(image)),
            ("rotate, nearest", () => Warp.Rotate(image, 17)),
            ("rotate, bilinear", () => Warp.Rotate(image, 17, Interpolation.Bilinear)),
            ("rotate, bicubic", () => Warp.Rotate(image, 17, Interpolation.Bicubic)),
            ("translate, nearest", () => Step(AugmentOperation.TranslateX, 40)),
            ("shear, nearest", () => Step(AugmentOperation.ShearX, 0.2)),
            ("perspective, nearest", () => Warp.Perspective(image, tilt, Interpolation.Nearest)),
            ("perspective, bilinear", () => Warp.Perspective(image, tilt)),
            ("perspective, bicubic", () => Warp.Perspective(image, tilt, Interpolation.Bicubic)),
            ("pad, reflect", () => Padding.Apply(image, 20, 20, 20, 20, PaddingMode.Reflect)),
            ("brightness", () => Tone.Brightness(image, 1.3)),
            ("contrast", () => Tone.Contrast(image, 1.3)),
            ("saturation", () => Tone.Saturation(image, 1.3)),
            ("sharpness", () => Sharpen.Apply(image, 1.7)),
            ("hue", () => Tone.Hue(image, 0.1)),
            ("gamma", () => Tone.Gamma(image, 1.4)),
            ("grayscale", () => Tone.Grayscale(image)),
            ("autocontrast", () => Tone.Autocontrast(image)),
            ("equalize", () => Tone.Equalize(image)),
            ("invert", () => Tone.Invert(image)),
            ("posterize", () => Tone.Posterize(image, 4)),
            ("solarize", () => Tone.Solarize(image, 110)),
            ("gaussian blur, 5 x 5", () => Blur.Gaussian(image, 5, 5, 1.1, 1.1)),
            ("gaussian blur, 23 x 23", () => Blur.Gaussian(image, 23, 23, 3.5, 3.5)),
        ];
        Dictionary<string, double> least = [];
        foreach ((string name, Func<Image> run) in operations)
        {
            for (int i = 0; i < 50; i++) run().Dispose();
            double milliseconds = double.PositiveInfinity;
            Stopwatch whole = Stopwatch.StartNew();
            while (whole.ElapsedMilliseconds < 200)
            {
                long start = Stopwatch.GetTimestamp();
                run().Dispose();
                milliseconds = Math.Min(milliseconds, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            least[name] = milliseconds;
        }
        return least;

        Image Step(AugmentOperation operation, double magnitude) => new AugmentStep(operation, magnitude).Apply(image);
    }
}
