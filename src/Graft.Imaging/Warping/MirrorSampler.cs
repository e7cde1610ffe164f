using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Warping;

/// <summary>
/// Bilinear sampling of an image under a projective map; beyond its border the image is mirrored about its outermost pixels'
/// centres. The numbers are those of PyTorch's grid_sample (bilinear, reflection, align_corners), rounded to bytes.
/// </summary>
static class MirrorSampler
{
    const int Lanes = 8;

    /// <summary>Fills the result.</summary>
    /// <param name="source">The image to sample.</param>
    /// <param name="result">Filled whole.</param>
    /// <param name="map">From a pixel of the result (column, row) to a place in the source, in pixels.</param>
    public static unsafe void Run(Image source, Image result, Homography map)
    {
        if (source.Width < 2 || source.Height < 2)
        {
            RunThin(source, result, map);
            return;
        }
        int across = result.Width, padded = (across + Lanes - 1) / Lanes * Lanes;
        // for each pixel of a row: where its upper left neighbour lies, and how far it is from it
        int* offsets = (int*)NativeMemory.Alloc((nuint)padded, 3 * sizeof(int));
        float* rights = (float*)(offsets + padded), belows = rights + padded;
        try
        {
            fixed (byte* from = source.Pixels)
            fixed (byte* to = result.Pixels)
            {
                for (int y = 0; y < result.Height; y++)
                {
                    Locate(source, padded, y, map, offsets, rights, belows);
                    byte* put = to + (long)y * across * 3;
                    if (Avx2.IsSupported) SampleWide(from, source.Width * 3, put, across, offsets, rights, belows);
                    else Sample(from, source.Width * 3, put, across, offsets, rights, belows);
                }
            }
        }
        finally
        {
            NativeMemory.Free(offsets);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Locate(Image source, int count, int y, Homography map, int* offsets, float* rights, float* belows)
    {
        Vector256<float> a = Vector256.Create((float)map.A), d = Vector256.Create((float)map.D);
        Vector256<float> g = Vector256.Create((float)map.G);
        Vector256<float> startX = Vector256.Create((float)(map.B * y + map.C));
        Vector256<float> startY = Vector256.Create((float)(map.E * y + map.F));
        Vector256<float> startW = Vector256.Create((float)(map.H * y + map.I));
        Vector256<float> lastX = Vector256.Create(source.Width - 1f), lastY = Vector256.Create(source.Height - 1f);
        Vector256<int> mostX = Vector256.Create(source.Width - 2), mostY = Vector256.Create(source.Height - 2);
        Vector256<int> stride = Vector256.Create(source.Width * 3);
        Vector256<float> x = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        for (int i = 0; i < count; i += Lanes, x += Vector256.Create((float)Lanes))
        {
            Vector256<float> w = g * x + startW;
            Vector256<float> u = Mirror((a * x + startX) / w, lastX), v = Mirror((d * x + startY) / w, lastY);
            Vector256<int> column = Vector256.Min(Vector256.ConvertToInt32(u), mostX);
            Vector256<int> row = Vector256.Min(Vector256.ConvertToInt32(v), mostY);
            (row * stride + column * 3).Store(offsets + i);
            (u - Vector256.ConvertToSingle(column)).Store(rights + i);
            (v - Vector256.ConvertToSingle(row)).Store(belows + i);
        }
    }

    /// <summary>Coordinates folded back into 0 .. last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Mirror(Vector256<float> at, Vector256<float> last)
    {
        Vector256<float> period = last + last;
        at = Vector256.Abs(at);
        at -= Vector256.Floor(at / period) * period;
        at = Vector256.Min(at, period - at);
        // what a degenerate map sends to infinity, or beyond what a float can fold, lands on the border
        Vector256<float> inside =
            Vector256.GreaterThanOrEqual(at, Vector256<float>.Zero) & Vector256.LessThanOrEqual(at, last);
        return Vector256.ConditionalSelect(inside, at, Vector256<float>.Zero);
    }

    // Both rows of neighbours in one register: the upper pair's pixels in the lower half, the lower pair's in the upper.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void SampleWide(byte* from, int stride, byte* put, int count, int* offsets, float* rights, float* belows)
    {
        for (int i = 0; i < count; i++, put += 3)
        {
            byte* upper = from + offsets[i], lower = upper + stride;
            // each pair of neighbours is read as its first four bytes and its last four, which lie wholly inside it
            ulong left = *(uint*)upper | (ulong)*(uint*)lower << 32;
            ulong right = *(uint*)(upper + 2) >> 8 | (ulong)(*(uint*)(lower + 2) >> 8) << 32;
            Vector256<float> first = Wide(left), second = Wide(right);
            Vector256<float> level = first + (second - first) * Vector256.Create(rights[i]);
            Write(put, level.GetLower(), level.GetUpper(), belows[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Sample(byte* from, int stride, byte* put, int count, int* offsets, float* rights, float* belows)
    {
        for (int i = 0; i < count; i++, put += 3)
        {
            byte* upper = from + offsets[i], lower = upper + stride;
            Write(put, Between(upper, rights[i]), Between(lower, rights[i]), belows[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void Write(byte* put, Vector128<float> top, Vector128<float> bottom, float below)
    {
        Vector128<float> value = top + (bottom - top) * below + Vector128.Create(0.5f);
        Vector128<int> bytes = Vector128.ConvertToInt32(value);
        put[0] = (byte)bytes.GetElement(0);
        put[1] = (byte)bytes.GetElement(1);
        put[2] = (byte)bytes.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Wide(ulong pixels) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector128.CreateScalar(pixels).AsByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe Vector128<float> Between(byte* pair, float right)
    {
        Vector128<float> first = Floats(*(uint*)pair), second = Floats(*(uint*)(pair + 2) >> 8);
        return first + (second - first) * right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Floats(uint pixel) =>
        Vector128.ConvertToSingle(
            Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32());

    // An image of one row or one column has no neighbours to read.
    static void RunThin(Image source, Image result, Homography map)
    {
        for (int y = 0; y < result.Height; y++)
        {
            Span<byte> put = result.Row(y);
            for (int x = 0; x < result.Width; x++)
            {
                (double u, double v) = map.Map(x, y);
                float left = Mirror((float)u, source.Width - 1), top = Mirror((float)v, source.Height - 1);
                int column = (int)left, row = (int)top;
                int nextColumn = Math.Min(column + 1, source.Width - 1), nextRow = Math.Min(row + 1, source.Height - 1);
                ReadOnlySpan<byte> above = source.Row(row), below = source.Row(nextRow);
                for (int c = 0; c < 3; c++)
                {
                    float upper = Lerp(above[column * 3 + c], above[nextColumn * 3 + c], left - column);
                    float lower = Lerp(below[column * 3 + c], below[nextColumn * 3 + c], left - column);
                    put[x * 3 + c] = (byte)(Lerp(upper, lower, top - row) + 0.5f);
                }
            }
        }
    }

    static float Mirror(float at, float last) =>
        last <= 0 ? 0 : Mirror(Vector256.Create(at), Vector256.Create(last)).GetElement(0);

    static float Lerp(float from, float to, float share) => from + (to - from) * share;
}
