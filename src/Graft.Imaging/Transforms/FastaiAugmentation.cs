using Graft.Imaging.Warping;

namespace Graft.Imaging;

/// <summary>
/// fastai's <c>aug_transforms</c>: mirroring, rotation, zoom and perspective warp as one projective map, sampled once (bilinear,
/// mirrored beyond the border, from corner pixel to corner pixel) together with the crop and the resize to the network's size;
/// then brightness and contrast in logits. An image of more than twice the result's size is averaged down to that first, as
/// fastai does. Differs from fastai where a rotated crop shows more than the crop: these are the image's own pixels, and only
/// beyond the image its mirror.
/// </summary>
/// <param name="Height">Height of the result.</param>
/// <param name="Width">Width of the result.</param>
public sealed record FastaiAugmentation(int Height, int Width) : IImageTransform
{
    /// <summary>
    /// How often an image is mirrored left and right (with <see cref="AllSymmetries"/>: turned at all). <value>0.5.</value>
    /// </summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>
    /// Draws one of the square's eight symmetries instead of the mirror image, for what has no up and down.
    /// <value>false.</value>
    /// </summary>
    public bool AllSymmetries { get; init; }

    /// <summary>Greatest rotation either way, in degrees. <value>10.</value></summary>
    public double MaximumRotation { get; init; } = 10;

    /// <summary>Least magnification. <value>1.</value></summary>
    public double MinimumZoom { get; init; } = 1;

    /// <summary>Greatest magnification. <value>1.1.</value></summary>
    public double MaximumZoom { get; init; } = 1.1;

    /// <summary>Greatest change of brightness and of contrast, in [0, 1). <value>0.2.</value></summary>
    public double MaximumLighting { get; init; } = 0.2;

    /// <summary>Greatest perspective warp, in [0, 1). <value>0.2.</value></summary>
    public double MaximumWarp { get; init; } = 0.2;

    /// <summary>How often each of rotation, zoom and warp happens. <value>0.75.</value></summary>
    public double AffineProbability { get; init; } = 0.75;

    /// <summary>How often each of brightness and contrast changes. <value>0.75.</value></summary>
    public double LightingProbability { get; init; } = 0.75;

    /// <summary>What becomes of an image of another ratio than the result's. <value>Crop, at a random place.</value></summary>
    public ResizeMethod Method { get; init; } = ResizeMethod.Crop;

    /// <summary>
    /// For <see cref="ResizeMethod.Crop"/>: the least share of the area that the crop takes; the greatest is all that the ratio
    /// allows. <value>1: as much as possible.</value>
    /// </summary>
    public double MinimumScale { get; init; } = 1;

    /// <summary>Colour of what padding adds, RGB. <value>Black.</value></summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        (int Left, int Top, int Width, int Height) window =
            RandomPlacement.Window(image.Width, image.Height, Width, Height, Method, ref random);
        if (Method == ResizeMethod.Crop && MinimumScale < 1) window = Shrink(window, image, ref random);
        return Apply(image, window, Draw(ref random));
    }

    /// <summary>What is done to one image.</summary>
    internal FastaiDraw Draw(ref SampleRandom random)
    {
        int symmetry = random.NextDouble() < FlipProbability ? AllSymmetries ? random.Next(8) : 1 : 0;
        double warpX = Between(ref random, -MaximumWarp, MaximumWarp, AffineProbability, 0);
        double warpY = Between(ref random, -MaximumWarp, MaximumWarp, AffineProbability, 0);
        double degrees = Between(ref random, -MaximumRotation, MaximumRotation, AffineProbability, 0);
        double zoom = Between(ref random, MinimumZoom, MaximumZoom, AffineProbability, 1);
        double zoomX = random.NextDouble(), zoomY = random.NextDouble();
        double brightness = Between(
            ref random, 0.5 * (1 - MaximumLighting), 0.5 * (1 + MaximumLighting), LightingProbability, 0.5);
        double logarithm = Math.Log(1 - MaximumLighting);
        double contrast = Math.Exp(Between(ref random, logarithm, -logarithm, LightingProbability, 0));
        return new FastaiDraw(symmetry, degrees, zoom, zoomX, zoomY, warpX, warpY, brightness, contrast);
    }

    /// <summary>A given draw, of a given window of the image.</summary>
    internal Image Apply(Image image, (int Left, int Top, int Width, int Height) window, FastaiDraw draw)
    {
        double excess = Math.Min((double)window.Width / Width, (double)window.Height / Height) / 2;
        Image? smaller = null, canvas = null;
        try
        {
            Image source = image;
            double shrinkX = 1, shrinkY = 1;
            if (excess > 1)
            {
                int width = Math.Max(1, (int)Math.Round(image.Width / excess));
                int height = Math.Max(1, (int)Math.Round(image.Height / excess));
                source = smaller = Resize.Apply(image, width, height, Interpolation.Box);
                (shrinkX, shrinkY) = ((double)width / image.Width, (double)height / image.Height);
            }
            double left = window.Left, top = window.Top;
            if (Method == ResizeMethod.Pad)
            {
                int width = Math.Max(source.Width, (int)(window.Width * shrinkX));
                int height = Math.Max(source.Height, (int)(window.Height * shrinkY));
                canvas = Image.Uninitialized(width, height);
                int x = Math.Clamp((int)(-left * shrinkX), 0, width - source.Width);
                int y = Math.Clamp((int)(-top * shrinkY), 0, height - source.Height);
                Image.Copy(source, canvas, -x, -y, Fill.Red, Fill.Green, Fill.Blue);
                source = canvas;
                (left, top, shrinkX, shrinkY) = (0, 0, (double)width / window.Width, (double)height / window.Height);
            }
            Image result = Image.Uninitialized(Width, Height);
            MirrorSampler.Run(source, result, Map(window.Width, window.Height, left, top, shrinkX, shrinkY, draw));
            if (draw.ChangesLight) Light(result, draw.LightTable());
            return result;
        }
        finally
        {
            smaller?.Dispose();
            canvas?.Dispose();
        }
    }

    // From a pixel of the result to one of the source: to -1 .. 1, through the draw, to the window's pixels, to the source's.
    Homography Map(int width, int height, double left, double top, double shrinkX, double shrinkY, FastaiDraw draw)
    {
        Homography unit = Homography.Shift(-1, -1) *
            Homography.Scale(2.0 / Math.Max(1, Width - 1), 2.0 / Math.Max(1, Height - 1));
        Homography pixels = Homography.Shift(left, top) * Homography.Scale((width - 1) / 2.0, (height - 1) / 2.0) *
            Homography.Shift(1, 1);
        // a pixel's centre lies half a pixel from its edge, at either size
        Homography shrink = Homography.Shift(0.5 * shrinkX - 0.5, 0.5 * shrinkY - 0.5) * Homography.Scale(shrinkX, shrinkY);
        return shrink * pixels * draw.Map(width, height) * unit;
    }

    (int Left, int Top, int Width, int Height) Shrink(
        (int Left, int Top, int Width, int Height) window, Image image, ref SampleRandom random)
    {
        double side = Math.Sqrt(random.Uniform(MinimumScale, 1));
        int width = Math.Max(1, (int)(window.Width * side)), height = Math.Max(1, (int)(window.Height * side));
        return (random.Next(image.Width - width + 1), random.Next(image.Height - height + 1), width, height);
    }

    static double Between(ref SampleRandom random, double low, double high, double probability, double neutral)
    {
        bool happens = random.NextDouble() < probability;
        double drawn = random.Uniform(low, high);
        return happens ? drawn : neutral;
    }

    static void Light(Image image, byte[] table)
    {
        Span<byte> rgb = image.Rgb;
        for (int i = 0; i < rgb.Length; i++) rgb[i] = table[rgb[i]];
    }
}
