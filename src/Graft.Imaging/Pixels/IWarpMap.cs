using System.Runtime.Intrinsics;

namespace Graft.Imaging.Pixels;

/// <summary>
/// The source point of each pixel of one row of the result, in double and in Pillow's order of operations, one by one and four at
/// a time.
/// </summary>
interface IWarpMap
{
    /// <summary>Turns to the row with this centre.</summary>
    void Row(double y);

    /// <summary>The source of the pixel with this centre.</summary>
    (double X, double Y) At(double x);

    /// <summary>The sources of four pixels.</summary>
    (Vector256<double> X, Vector256<double> Y) At(Vector256<double> x);
}

/// <summary>An affine map.</summary>
struct AffineMap(AffineMatrix matrix) : IWarpMap
{
    double acrossX, acrossY;

    public void Row(double y) => (acrossX, acrossY) = (matrix.B * y, matrix.E * y);

    public readonly (double X, double Y) At(double x) =>
        (matrix.A * x + acrossX + matrix.C, matrix.D * x + acrossY + matrix.F);

    public readonly (Vector256<double> X, Vector256<double> Y) At(Vector256<double> x) => (
        x * matrix.A + Vector256.Create(acrossX) + Vector256.Create(matrix.C),
        x * matrix.D + Vector256.Create(acrossY) + Vector256.Create(matrix.F));
}

/// <summary>A projective map.</summary>
struct PerspectiveMap(PerspectiveMatrix matrix) : IWarpMap
{
    double acrossX, acrossY, acrossDepth;

    public void Row(double y) => (acrossX, acrossY, acrossDepth) = (matrix.B * y, matrix.E * y, matrix.H * y);

    public readonly (double X, double Y) At(double x)
    {
        double depth = matrix.G * x + acrossDepth + 1;
        return ((matrix.A * x + acrossX + matrix.C) / depth, (matrix.D * x + acrossY + matrix.F) / depth);
    }

    public readonly (Vector256<double> X, Vector256<double> Y) At(Vector256<double> x)
    {
        Vector256<double> depth = x * matrix.G + Vector256.Create(acrossDepth) + Vector256.Create(1.0);
        return (
            (x * matrix.A + Vector256.Create(acrossX) + Vector256.Create(matrix.C)) / depth,
            (x * matrix.D + Vector256.Create(acrossY) + Vector256.Create(matrix.F)) / depth);
    }
}
