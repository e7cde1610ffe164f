using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>
/// Any map with any filter, by Pillow's arithmetic: everything in double, in its order, truncated to bytes at the end. A pixel
/// whose source point lies outside of the image gets the filling; filters repeat the image's edge.
/// </summary>
static unsafe partial class WarpFilter
{
    /// <summary>Whether to use AVX2; the tests turn it off to compare.</summary>
    internal static bool UseVectors { get; set; } = Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TMap>(Image source, Image target, TMap map, Interpolation filter, RgbColor fill)
        where TMap : struct, IWarpMap
    {
        // Vectors read two pixels as eight bytes, of which two may lie behind the image.
        bool vectors = UseVectors && source.Width > 1 && source.Pixels.Length >= source.Rgb.Length + 2;
        fixed (byte* pixels = source.Pixels, results = target.Pixels)
        {
            for (int y = 0; y < target.Height; y++)
            {
                map.Row(y + 0.5);
                byte* result = results + (long)y * target.Width * 3;
                int x = 0;
                if (vectors)
                    x = filter switch
                    {
                        Interpolation.Nearest => NearestRow(source, pixels, result, target.Width, ref map, fill),
                        Interpolation.Bilinear => BilinearRow(source, pixels, result, target.Width, ref map, fill),
                        _ => BicubicRow(source, pixels, result, target.Width, ref map, fill),
                    };
                for (result += x * 3; x < target.Width; x++, result += 3)
                {
                    (double sx, double sy) = map.At(x + 0.5);
                    if (!(sx >= 0 && sx < source.Width && sy >= 0 && sy < source.Height))
                        (result[0], result[1], result[2]) = (fill.Red, fill.Green, fill.Blue);
                    else if (filter == Interpolation.Nearest)
                        Copy(pixels + ((long)(int)sy * source.Width + (int)sx) * 3, result);
                    else if (filter == Interpolation.Bilinear) Bilinear(source, pixels, sx - 0.5, sy - 0.5, result);
                    else Bicubic(source, pixels, sx - 0.5, sy - 0.5, result);
                }
            }
        }
    }

    static void Copy(byte* from, byte* to)
    {
        to[0] = from[0];
        to[1] = from[1];
        to[2] = from[2];
    }

    // ---- one pixel ----

    static void Bilinear(Image image, byte* pixels, double sx, double sy, byte* result)
    {
        int x = (int)Math.Floor(sx), y = (int)Math.Floor(sy);
        double dx = sx - x, dy = sy - y;
        int x0 = Math.Max(x, 0) * 3, x1 = Math.Min(x + 1, image.Width - 1) * 3;
        byte* row0 = pixels + (long)Math.Max(y, 0) * image.Width * 3;
        byte* row1 = pixels + (long)Math.Min(y + 1, image.Height - 1) * image.Width * 3;
        for (int c = 0; c < 3; c++)
        {
            double upper = row0[x0 + c] + (row0[x1 + c] - row0[x0 + c]) * dx;
            double lower = row1[x0 + c] + (row1[x1 + c] - row1[x0 + c]) * dx;
            result[c] = (byte)(upper + (lower - upper) * dy);
        }
    }

    static void Bicubic(Image image, byte* pixels, double sx, double sy, byte* result)
    {
        int x = (int)Math.Floor(sx), y = (int)Math.Floor(sy);
        double dx = sx - x, dy = sy - y;
        int right = image.Width - 1, bottom = image.Height - 1;
        int x0 = Math.Max(x - 1, 0) * 3, x1 = Math.Max(x, 0) * 3;
        int x2 = Math.Min(x + 1, right) * 3, x3 = Math.Min(x + 2, right) * 3;
        long stride = image.Width * 3L;
        byte* row0 = pixels + Math.Max(y - 1, 0) * stride, row1 = pixels + Math.Max(y, 0) * stride;
        byte* row2 = pixels + Math.Min(y + 1, bottom) * stride, row3 = pixels + Math.Min(y + 2, bottom) * stride;
        for (int c = 0; c < 3; c++)
        {
            double v0 = Cubic(row0[x0 + c], row0[x1 + c], row0[x2 + c], row0[x3 + c], dx);
            double v1 = Cubic(row1[x0 + c], row1[x1 + c], row1[x2 + c], row1[x3 + c], dx);
            double v2 = Cubic(row2[x0 + c], row2[x1 + c], row2[x2 + c], row2[x3 + c], dx);
            double v3 = Cubic(row3[x0 + c], row3[x1 + c], row3[x2 + c], row3[x3 + c], dx);
            result[c] = (byte)Math.Clamp(Cubic(v0, v1, v2, v3, dy), 0, 255);
        }
    }

    static double Cubic(int v1, int v2, int v3, int v4, double d) =>
        v2 + d * (v3 - v1 + d * (2 * (v1 - v2) + v3 - v4 + d * (v2 - v1 - v3 + v4)));

    static double Cubic(double v1, double v2, double v3, double v4, double d) =>
        v2 + d * (-v1 + v3 + d * (2 * (v1 - v2) + v3 - v4 + d * (-v1 + v2 - v3 + v4)));
}
