using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>Rows of <see cref="WarpFilter"/>, four pixels at a time; each returns how many it did.</summary>
static unsafe partial class WarpFilter
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int BicubicRow<TMap>(Image image, byte* pixels, byte* result, int width, ref TMap map, RgbColor fill)
        where TMap : struct, IWarpMap
    {
        Vector128<int> filling = Vector128.Create((int)fill.Word), most = Vector128.Create(255);
        Vector128<int> right = Vector128.Create(image.Width - 1), bottom = Vector128.Create(image.Height - 1);
        Vector128<int> one = Vector128<int>.One, two = one + one;
        Vector256<double> half = Vector256.Create(0.5);
        int stride = image.Width * 3;
        // the rows of four taps, each four pixels of the result, red, green and blue
        Vector256<double>* sums = stackalloc Vector256<double>[12];
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
            Vector256<double> fx = Avx.Floor(sx), fy = Avx.Floor(sy), dx = sx - fx, dy = sy - fy;
            Vector128<int> column = Avx.ConvertToVector128Int32WithTruncation(fx);
            Vector128<int> line = Avx.ConvertToVector128Int32WithTruncation(fy) - one;
            Vector128<int> x0 = Sse41.Max(column - one, default) * 3, x1 = Sse41.Max(column, default) * 3;
            Vector128<int> x2 = Sse41.Min(column + one, right) * 3, x3 = Sse41.Min(column + two, right) * 3;
            for (int k = 0; k < 4; k++, line += one)
            {
                Vector128<int> row = Sse41.Min(Sse41.Max(line, default), bottom) * stride;
                Vector128<int> a = Avx2.GatherVector128((int*)pixels, row + x0, 1);
                Vector128<int> b = Avx2.GatherVector128((int*)pixels, row + x1, 1);
                Vector128<int> c = Avx2.GatherVector128((int*)pixels, row + x2, 1);
                Vector128<int> d = Avx2.GatherVector128((int*)pixels, row + x3, 1);
                sums[k] = Cubic(a & most, b & most, c & most, d & most, dx);
                sums[k + 4] = Cubic(a >> 8 & most, b >> 8 & most, c >> 8 & most, d >> 8 & most, dx);
                sums[k + 8] = Cubic(a >> 16 & most, b >> 16 & most, c >> 16 & most, d >> 16 & most, dx);
            }
            Vector128<int> words = Clip(Cubic(sums[0], sums[1], sums[2], sums[3], dy))
                | Clip(Cubic(sums[4], sums[5], sums[6], sums[7], dy)) << 8
                | Clip(Cubic(sums[8], sums[9], sums[10], sums[11], dy)) << 16;
            Store4(Vector128.ConditionalSelect(Narrow(inside), words, filling), result);
        }
        return x;
    }

    /// <summary>Along a row: the sums of bytes are whole, only the polynomial is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Cubic(
        Vector128<int> v1, Vector128<int> v2, Vector128<int> v3, Vector128<int> v4, Vector256<double> d)
    {
        Vector128<int> forward = v1 - v2, back = v3 - v4;
        Vector256<double> linear = Avx.ConvertToVector256Double(v3 - v1);
        Vector256<double> square = Avx.ConvertToVector256Double(forward + forward + back);
        Vector256<double> cube = Avx.ConvertToVector256Double(default(Vector128<int>) - forward - back);
        return Avx.ConvertToVector256Double(v2) + d * (linear + d * (square + d * cube));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Cubic(
        Vector256<double> v1, Vector256<double> v2, Vector256<double> v3, Vector256<double> v4, Vector256<double> d)
    {
        Vector256<double> square = (v1 - v2) * 2.0 + v3 - v4, cube = v2 - v1 - v3 + v4;
        return v2 + d * (v3 - v1 + d * (square + d * cube));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Clip(Vector256<double> values) => Avx.ConvertToVector128Int32WithTruncation(
        Avx.Min(Avx.Max(values, default), Vector256.Create(255.0)));

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
