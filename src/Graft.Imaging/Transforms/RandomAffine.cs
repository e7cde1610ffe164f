namespace Graft.Imaging;

/// <summary>
/// A random rotation, shift, scale and shear about the middle, in one resampling, by torchvision's parameters and Pillow's
/// pixels. The draws, in torchvision's order: angle; shift along x and y, rounded to whole pixels; scale; shear along x; along y.
/// What is not set is not drawn.
/// </summary>
public sealed record RandomAffine : IImageTransform
{
    /// <summary>A transform.</summary>
    /// <param name="degrees">Angles, clockwise; torchvision's single number x is -x to x.</param>
    /// <param name="translate">Greatest shift along x and y, as a share of width and height, 0 to 1; none when null.</param>
    /// <param name="scale">Magnifications, above 0; 1 when null.</param>
    /// <param name="shearX">Degrees of shear along x; none when null.</param>
    /// <param name="shearY">Degrees of shear along y; none when null.</param>
    /// <param name="interpolation">Nearest, bilinear or bicubic. <value>Nearest.</value></param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <param name="center">The point that stays, in pixels; the middle when null.</param>
    /// <exception cref="ArgumentException">A range is empty or out of its bounds.</exception>
    public RandomAffine(
        Interval degrees, (double X, double Y)? translate = null, Interval? scale = null, Interval? shearX = null,
        Interval? shearY = null, Interpolation interpolation = Interpolation.Nearest, RgbColor fill = default,
        (double X, double Y)? center = null)
    {
        if (translate is (double x, double y) && !(x >= 0 && x <= 1 && y >= 0 && y <= 1))
            throw new ArgumentException($"translate ({x}, {y}): expected shares of the image, 0 to 1");
        Degrees = degrees.Check("degrees");
        Scale = scale?.Check("scale", double.Epsilon);
        ShearX = shearX?.Check("shear", -89, 89);
        ShearY = shearY?.Check("shear", -89, 89);
        (Translate, Interpolation, Fill, Center) = (translate, interpolation, fill, center);
    }

    /// <summary>Angles, clockwise.</summary>
    public Interval Degrees { get; }

    /// <summary>Greatest shift, as a share of width and height.</summary>
    public (double X, double Y)? Translate { get; }

    /// <summary>Magnifications.</summary>
    public Interval? Scale { get; }

    /// <summary>Degrees of shear along x.</summary>
    public Interval? ShearX { get; }

    /// <summary>Degrees of shear along y.</summary>
    public Interval? ShearY { get; }

    /// <summary>The filter.</summary>
    public Interpolation Interpolation { get; }

    /// <summary>Colour of what has no source.</summary>
    public RgbColor Fill { get; }

    /// <summary>The point that stays; the middle when null.</summary>
    public (double X, double Y)? Center { get; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) =>
        Warp.Affine(image, Draw(image.Width, image.Height, ref random).Matrix(image, Center), Interpolation, Fill);

    /// <summary>The change drawn for an image of this size.</summary>
    public AffineDraw Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        double angle = Degrees.Draw(ref random);
        (double x, double y) = (0, 0);
        if (Translate is (double shareX, double shareY))
        {
            x = Math.Round(Interval.Around0(shareX * imageWidth).Draw(ref random));
            y = Math.Round(Interval.Around0(shareY * imageHeight).Draw(ref random));
        }
        double scale = Scale?.Draw(ref random) ?? 1;
        double shearX = ShearX?.Draw(ref random) ?? 0;
        double shearY = ShearY?.Draw(ref random) ?? 0;
        return new(angle, x, y, scale, shearX, shearY);
    }
}
