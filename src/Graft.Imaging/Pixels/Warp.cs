using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>
/// Moving pixels about by a map, to the byte as Pillow's <c>Image.transform</c> and <c>Image.rotate</c>: the result has the
/// image's own size, and what has no source gets a colour.
/// </summary>
public static class Warp
{
    /// <summary>An affine map.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="matrix">Where each pixel comes from.</param>
    /// <param name="filter">Nearest, bilinear or bicubic.</param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <exception cref="ArgumentException">Another filter.</exception>
    public static Image Affine(
        Image image, AffineMatrix matrix, Interpolation filter = Interpolation.Nearest, RgbColor fill = default)
    {
        Check(filter);
        Image result = Image.Uninitialized(image.Width, image.Height);
        if (filter == Interpolation.Nearest) WarpNearest.Affine(image, result, matrix, fill);
        else WarpFilter.Run(image, result, new AffineMap(matrix), filter, fill);
        return result;
    }

    /// <summary>A projective map.</summary>
    /// <inheritdoc cref="Affine(Image, AffineMatrix, Interpolation, RgbColor)"/>
    public static Image Perspective(
        Image image, PerspectiveMatrix matrix, Interpolation filter = Interpolation.Bilinear, RgbColor fill = default)
    {
        Check(filter);
        Image result = Image.Uninitialized(image.Width, image.Height);
        WarpFilter.Run(image, result, new PerspectiveMap(matrix), filter, fill);
        return result;
    }

    /// <summary>
    /// A rotation about the middle, or about a point, at the image's own size (Pillow's <c>rotate</c> without expansion). Without
    /// a point, 0 and 180 degrees, and for square images 90 and 270, are exact turns, whatever the filter.
    /// </summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="degrees">Degrees, counter-clockwise.</param>
    /// <param name="filter">Nearest, bilinear or bicubic.</param>
    /// <param name="center">The point that stays, in pixels; the middle when null.</param>
    /// <param name="fill">Colour of what has no source. <value>Black.</value></param>
    /// <exception cref="ArgumentException">Another filter, or an angle that is not finite.</exception>
    public static Image Rotate(
        Image image, double degrees, Interpolation filter = Interpolation.Nearest, (double X, double Y)? center = null,
        RgbColor fill = default)
    {
        Check(filter);
        if (!double.IsFinite(degrees)) throw new ArgumentException($"an angle of {degrees} degrees: expected a finite one");
        if (center is null)
        {
            double angle = AffineMatrix.PositiveAngle(degrees);
            bool square = image.Width == image.Height;
            if (angle == 0) return image.Clone();
            if (angle == 180) return Flip.Both(image);
            if (square && angle == 90) return Flip.QuarterTurn(image);
            if (square && angle == 270) return Flip.ThreeQuarterTurn(image);
        }
        (double X, double Y) middle = center ?? (image.Width / 2.0, image.Height / 2.0);
        return Affine(image, AffineMatrix.Rotation(degrees, middle), filter, fill);
    }

    static void Check(Interpolation filter)
    {
        if (filter is not (Interpolation.Nearest or Interpolation.Bilinear or Interpolation.Bicubic))
            throw new ArgumentException($"{filter}: expected Nearest, Bilinear or Bicubic, the filters that a warp has");
    }
}
