using Graft.Imaging.Warping;

namespace Graft.Imaging;

/// <summary>
/// Where a pixel of the result comes from: source x = (A x + B y + C) / depth, source y = (D x + E y + F) / depth, with depth
/// = G x + H y + 1, in pixels, with pixel centres at halves (Pillow's PERSPECTIVE data).
/// </summary>
public readonly record struct PerspectiveMatrix(
    double A, double B, double C, double D, double E, double F, double G, double H)
{
    /// <summary>
    /// The map under which the four source points come to lie on the four target points, as torchvision's <c>perspective</c> asks
    /// for it; the eight equations are solved in double, where torchvision uses float.
    /// </summary>
    /// <param name="source">Four points of the image, in pixels.</param>
    /// <param name="target">Where each of them goes.</param>
    /// <exception cref="ArgumentException">Not four points each, or three of the targets lie on a line.</exception>
    public static PerspectiveMatrix Between(
        ReadOnlySpan<(double X, double Y)> source, ReadOnlySpan<(double X, double Y)> target)
    {
        if (source.Length != 4 || target.Length != 4)
            throw new ArgumentException($"expected four points each, got {source.Length} and {target.Length}");
        Homography map = Homography.Between(target, source);
        return new(map.A, map.B, map.C, map.D, map.E, map.F, map.G, map.H);
    }
}
