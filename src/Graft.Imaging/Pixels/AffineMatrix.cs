using System.Globalization;

namespace Graft.Imaging;

/// <summary>
/// Where a pixel of the result comes from: source x = A x + B y + C, source y = D x + E y + F, in pixels, with pixel centres at
/// halves (Pillow's AFFINE data).
/// </summary>
public readonly record struct AffineMatrix(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Everything stays where it is.</summary>
    public static AffineMatrix Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>
    /// The matrix by which torchvision's <c>affine</c> asks Pillow to turn, shear, scale and shift an image about a centre.
    /// </summary>
    /// <param name="center">The point that stays, in pixels; the image's middle is (width / 2, height / 2).</param>
    /// <param name="angle">Degrees, clockwise.</param>
    /// <param name="translate">Shift of the content in pixels, right and down.</param>
    /// <param name="scale">Magnification, greater than 0.</param>
    /// <param name="shear">Degrees along x and along y.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public static AffineMatrix Inverse(
        (double X, double Y) center, double angle, (double X, double Y) translate, double scale, (double X, double Y) shear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        double turn = Radians(angle), sx = Radians(shear.X), sy = Radians(shear.Y);
        // forward, without scale: rotation x shear along y x shear along x; its determinant is 1
        double a = Math.Cos(turn - sy) / Math.Cos(sy);
        double b = -Math.Cos(turn - sy) * Math.Tan(sx) / Math.Cos(sy) - Math.Sin(turn);
        double c = Math.Sin(turn - sy) / Math.Cos(sy);
        double d = -Math.Sin(turn - sy) * Math.Tan(sx) / Math.Cos(sy) + Math.Cos(turn);
        double xx = d / scale, xy = -b / scale, yx = -c / scale, yy = a / scale;
        double left = -center.X - translate.X, up = -center.Y - translate.Y;
        return new(xx, xy, xx * left + xy * up + center.X, yx, yy, yx * left + yy * up + center.Y);
    }

    /// <summary>
    /// The matrix of Pillow's <c>Image.rotate</c> about a centre, its sines and cosines rounded to 15 decimals as there.
    /// </summary>
    /// <param name="degrees">Degrees, counter-clockwise.</param>
    /// <param name="center">The point that stays, in pixels.</param>
    public static AffineMatrix Rotation(double degrees, (double X, double Y) center)
    {
        double turn = -Radians(PositiveAngle(degrees));
        double a = Round15(Math.Cos(turn)), b = Round15(Math.Sin(turn));
        double d = Round15(-Math.Sin(turn)), e = Round15(Math.Cos(turn));
        double c = a * -center.X + b * -center.Y + 0.0, f = d * -center.X + e * -center.Y + 0.0;
        return new(a, b, c + center.X, d, e, f + center.Y);
    }

    /// <summary>The angle in [0, 360), by Python's modulo.</summary>
    internal static double PositiveAngle(double degrees)
    {
        double rest = degrees % 360;
        return rest < 0 ? rest + 360 : rest;
    }

    static double Radians(double degrees) => degrees * (Math.PI / 180);

    /// <summary>Correctly rounded, as Python's round; Math.Round scales first and may be off in the last bit.</summary>
    static double Round15(double value)
    {
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int length, "F15", CultureInfo.InvariantCulture);
        return double.Parse(digits[..length], CultureInfo.InvariantCulture);
    }
}
