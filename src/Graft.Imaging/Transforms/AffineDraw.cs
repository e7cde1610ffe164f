namespace Graft.Imaging;

/// <summary>What <see cref="RandomAffine"/> drew.</summary>
/// <param name="Angle">Degrees, clockwise.</param>
/// <param name="X">Pixels to the right.</param>
/// <param name="Y">Pixels down.</param>
/// <param name="Scale">Magnification.</param>
/// <param name="ShearX">Degrees of shear along x.</param>
/// <param name="ShearY">Degrees of shear along y.</param>
public readonly record struct AffineDraw(double Angle, double X, double Y, double Scale, double ShearX, double ShearY)
{
    /// <summary>The map about a point of the image, or about its middle.</summary>
    public AffineMatrix Matrix(Image image, (double X, double Y)? center = null) => AffineMatrix.Inverse(
        center ?? (image.Width * 0.5, image.Height * 0.5), Angle, (X, Y), Scale, (ShearX, ShearY));
}
