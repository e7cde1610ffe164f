using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>
/// Any map with any filter, by Pillow's arithmetic: everything in double, in its order, truncated to bytes at the end. A pixel
/// whose source point lies outside of the image gets the filling; filters repeat the image's edge.
/// </summary>
static unsafe class WarpFilter
{
    /// <summary>Whether to use AVX2; the tests turn it off to compare.</summary>
    internal static bool UseVectors { get; set; } = Avx2.IsSupported;

    public static void Run<TMap>(Image source, Image target, TMap map, Interpolation filter, RgbColor fill)
        where TMap : struct, IWarpMap
    {
        // Vectors read two pixels as eight bytes, of which two may lie behind the image.
        bool vectors = UseVectors && filter != Interpolation.Bicubic && source.Width > 1
            && source.Pixels.Length >= source.Rgb.Length + 2;
        fixed (byte* pixels = source.Pixels, results = target.Pixels)
        {
            for (int y = 0; y < target.Height; y++)
            {
                map.Row(y + 0.5);
                byte* result = results + (long)y * target.Width * 3;
                int x = 0;
                if (vectors)
                    x = filter == Interpolation.Nearest
                        ? NearestRow(source, pixels, result, target.Width, ref map, fill)
                        : BilinearRow(source, pixels, result, target.Width, ref map, fill);
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

    // ---- four pixels ----

    static int NearestRow<TMap>(Image image, byte* pixels, byte* result, int width, ref TMap map, RgbColor fill)
        where TMap : struct, IWarpMap
    {
        Vector128<int> filling = Vector128.Create((int)fill.Word);
        int x = 0;
        for (; x + 4 <= width; x += 4, result += 12)
        {
            (Vector256<double> sx, Vector256<double> sy) = map.At(Centres(x));
            Vector256<double> inside = Inside(image, sx, sy);
            sx = Vector256.ConditionalSelect(inside, sx, default);
            sy = Vector256.ConditionalSelect(inside, sy, default);
            Vector128<int> at = (Avx.ConvertToVector128Int32WithTruncation(sy) * image.Width
                + Avx.ConvertToVector128Int32WithTruncation(sx)) * 3;
            Vector128<int> words = Avx2.GatherVector128((int*)pixels, at, 1);
            Store4(Vector128.ConditionalSelect(Narrow(inside), words, filling), result);
        }
        return x;
    }

    static int BilinearRow<TMap>(Image image, byte* pixels, byte* result, int width, ref TMap map, RgbColor fill)
        where TMap : struct, IWarpMap
    {
        Vector128<int> filling = Vector128.Create((int)fill.Word);
        Vector256<double> half = Vector256.Create(0.5), lastX = Vector256.Create(image.Width - 2.0);
        Vector256<double> lastY = Vector256.Create(image.Height - 1.0), one = Vector256.Create(1.0);
        int stride = image.Width * 3;
        // Each pair of pixels lies in a 64-bit lane: r g b r g b. One shuffle brings one byte of each lane to its bottom.
        Vector256<byte> red0 = Lane(0), green0 = Lane(1), blue0 = Lane(2), red1 = Lane(3), green1 = Lane(4), blue1 = Lane(5);
        int x = 0;
        for (; x + 4 <= width; x += 4, result += 12)
        {
            (Vector256<double> sx, Vector256<double> sy) = map.At(Centres(x));
            Vector256<double> inside = Inside(image, sx, sy);
            if (Avx.MoveMask(inside) == 0)
            {
                Store4(filling, result);
                continue;
            }
            sx = Vector256.ConditionalSelect(inside, sx, half) - half;
            sy = Vector256.ConditionalSelect(inside, sy, half) - half;
            Vector256<double> fx = Avx.Floor(sx), fy = Avx.Floor(sy);
            Vector256<double> dy = sy - fy;
            // At the left and right edge the pair is moved inwards and one of its pixels taken whole.
            Vector256<double> left = Avx.Min(Avx.Max(fx, default), lastX);
            Vector256<double> dx = Avx.Min(Avx.Max(sx - left, default), one);
            Vector256<double> top = Avx.Max(fy, default), bottom = Avx.Min(fy + one, lastY);
            Vector128<int> column = Avx.ConvertToVector128Int32WithTruncation(left) * 3;
            Vector256<byte> upper = Avx2.GatherVector256(
                (long*)pixels, Avx.ConvertToVector128Int32WithTruncation(top) * stride + column, 1).AsByte();
            Vector256<byte> lower = Avx2.GatherVector256(
                (long*)pixels, Avx.ConvertToVector128Int32WithTruncation(bottom) * stride + column, 1).AsByte();
            Vector128<int> r = Blend(upper, lower, red0, red1, dx, dy);
            Vector128<int> g = Blend(upper, lower, green0, green1, dx, dy);
            Vector128<int> b = Blend(upper, lower, blue0, blue1, dx, dy);
            Vector128<int> words = r | g << 8 | b << 16;
            Store4(Vector128.ConditionalSelect(Narrow(inside), words, filling), result);
        }
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Blend(
        Vector256<byte> upper, Vector256<byte> lower, Vector256<byte> left, Vector256<byte> right,
        Vector256<double> dx, Vector256<double> dy)
    {
        Vector256<double> a = Wide(upper, left), c = Wide(lower, left);
        Vector256<double> one = a + (Wide(upper, right) - a) * dx;
        Vector256<double> two = c + (Wide(lower, right) - c) * dx;
        return Avx.ConvertToVector128Int32WithTruncation(one + (two - one) * dy);
    }

    /// <summary>One byte of each lane as a double: the bits of 2^52 + n are those of 2^52 with n at the bottom.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Wide(Vector256<byte> pairs, Vector256<byte> which)
    {
        Vector256<double> base52 = Vector256.Create(4503599627370496.0);
        return (Avx2.Shuffle(pairs, which).AsInt64() | base52.AsInt64()).AsDouble() - base52;
    }

    static Vector256<byte> Lane(byte at) =>
        Vector256.Create(at | 0x80808080_80808000ul, (at + 8u) | 0x80808080_80808000ul,
            at | 0x80808080_80808000ul, (at + 8u) | 0x80808080_80808000ul).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Centres(int x) => Vector256.Create((double)x) + Vector256.Create(0.5, 1.5, 2.5, 3.5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Inside(Image image, Vector256<double> x, Vector256<double> y) =>
        Vector256.GreaterThanOrEqual(x, default) & Vector256.LessThan(x, Vector256.Create((double)image.Width))
        & Vector256.GreaterThanOrEqual(y, default) & Vector256.LessThan(y, Vector256.Create((double)image.Height));

    /// <summary>A mask of four doubles as one of four words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Narrow(Vector256<double> mask) =>
        Avx2.PermuteVar8x32(mask.AsInt32(), Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)).GetLower();

    /// <summary>Writes four pixels, each the low three bytes of a word, as 12 bytes and four more of no meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store4(Vector128<int> words, byte* to) => Ssse3.Shuffle(words.AsByte(), Vector128.Create(
        (byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128)).Store(to);
}
