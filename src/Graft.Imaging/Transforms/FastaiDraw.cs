using Graft.Imaging.Warping;

namespace Graft.Imaging;

/// <summary>One draw of <see cref="FastaiAugmentation"/>.</summary>
/// <param name="Symmetry">Which of the square's eight symmetries: 0 none, 1 mirrored left and right, up to 7 with
/// transpositions.</param>
/// <param name="Degrees">The rotation.</param>
/// <param name="Zoom">The magnification.</param>
/// <param name="ZoomX">Where the magnified part lies: 0 left to 1 right.</param>
/// <param name="ZoomY">Where the magnified part lies: 0 top to 1 bottom.</param>
/// <param name="WarpX">The tilt about the upright axis.</param>
/// <param name="WarpY">The tilt about the level axis.</param>
/// <param name="Brightness">The value that middle grey takes, in (0, 1).</param>
/// <param name="Contrast">The factor of logits.</param>
readonly record struct FastaiDraw(
    int Symmetry = 0, double Degrees = 0, double Zoom = 1, double ZoomX = 0.5, double ZoomY = 0.5, double WarpX = 0,
    double WarpY = 0, double Brightness = 0.5, double Contrast = 1)
{
    // fastai's dihedral matrices: signs of the rows, and whether the axes keep their places
    static ReadOnlySpan<sbyte> SignsX => [1, -1, 1, -1, -1, 1, 1, -1];
    static ReadOnlySpan<sbyte> SignsY => [1, 1, -1, 1, -1, -1, 1, -1];
    static ReadOnlySpan<sbyte> Straight => [1, 1, 1, 0, 1, 0, 0, 0];

    public bool ChangesLight => Brightness != 0.5 || Contrast != 1;

    /// <summary>From a place in the result to one in the window, both in -1 .. 1 from edge to edge.</summary>
    /// <param name="windowWidth">Width of the window in pixels.</param>
    /// <param name="windowHeight">Height of the window in pixels.</param>
    public Homography Map(int windowWidth, int windowHeight)
    {
        double straight = Straight[Symmetry], crossed = 1 - straight;
        var flip = new Homography(SignsX[Symmetry] * straight, SignsX[Symmetry] * crossed, 0,
            SignsY[Symmetry] * crossed, SignsY[Symmetry] * straight, 0);
        (double sine, double cosine) = Math.SinCos(Degrees * Math.PI / 180);
        var rotation = new Homography(cosine, sine, 0, -sine, cosine, 0);
        double shrink = 1 / Zoom;
        var zoom = new Homography(
            shrink, 0, (1 - shrink) * (2 * ZoomX - 1), 0, shrink, (1 - shrink) * (2 * ZoomY - 1));
        Homography affine = flip * rotation * zoom;
        double ratio = (double)windowHeight / windowWidth;
        affine = affine with { B = affine.B * ratio, D = affine.D / ratio };
        if (WarpX == 0 && WarpY == 0) return affine;
        ReadOnlySpan<(double, double)> corners = [(-1, -1), (-1, 1), (1, -1), (1, 1)];
        ReadOnlySpan<(double, double)> moved =
            [(-1 - WarpY, -1 - WarpX), (-1 + WarpY, 1 + WarpX), (1 + WarpY, -1 + WarpX), (1 - WarpY, 1 - WarpX)];
        return Homography.Between(moved, corners) * affine;
    }

    /// <summary>The bytes after a change of brightness and contrast in logits.</summary>
    public byte[] LightTable()
    {
        byte[] table = new byte[256];
        double shift = Logit(Brightness);
        for (int i = 0; i < table.Length; i++)
        {
            double value = 1 / (1 + Math.Exp(-Contrast * (Logit(i / 255.0) + shift)));
            table[i] = (byte)Math.Round(value * 255);
        }
        return table;
    }

    static double Logit(double value)
    {
        double inside = Math.Clamp(value, 1e-7, 1 - 1e-7);
        return -Math.Log(1 / inside - 1);
    }
}
