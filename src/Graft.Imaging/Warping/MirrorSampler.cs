using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Graft.Imaging.Warping;

/// <summary>
/// Bilinear sampling of an image under a projective map; beyond its border the image is mirrored about its outermost pixels'
/// centres. The numbers are those of PyTorch's grid_sample (bilinear, reflection, align_corners), rounded to bytes.
/// </summary>
static class MirrorSampler
{
    /// <summary>Fills the result.</summary>
    /// <param name="source">The image to sample.</param>
    /// <param name="result">Filled whole.</param>
    /// <param name="map">From a pixel of the result (column, row) to a place in the source, in pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Run(Image source, Image result, Homography map)
    {
        int width = source.Width, height = source.Height, across = result.Width;
        if (width < 2 || height < 2)
        {
            RunThin(source, result, map);
            return;
        }
        float lastX = width - 1, lastY = height - 1;
        int stride = width * 3;
        fixed (byte* from = source.Pixels)
        fixed (byte* to = result.Pixels)
        {
            for (int y = 0; y < result.Height; y++)
            {
                byte* put = to + (long)y * across * 3;
                // the part of the numerators and of the denominator that the row decides
                double startX = map.B * y + map.C, startY = map.E * y + map.F, startW = map.H * y + map.I;
                bool affine = map.IsAffine;
                double scale = 1 / startW;
                for (int x = 0; x < across; x++, put += 3)
                {
                    if (!affine) scale = 1 / (map.G * x + startW);
                    float u = (float)((map.A * x + startX) * scale), v = (float)((map.D * x + startY) * scale);
                    if (!(u >= 0 && u <= lastX)) u = Mirror(u, lastX);
                    if (!(v >= 0 && v <= lastY)) v = Mirror(v, lastY);
                    int column = Math.Min((int)u, width - 2), row = Math.Min((int)v, height - 2);
                    float right = u - column, below = v - row;
                    byte* upper = from + (long)row * stride + column * 3;
                    byte* lower = upper + stride;
                    // Each pair of neighbours is read as its first four bytes and its last four, which lie wholly inside it.
                    Vector128<float> top = Between(upper, right), bottom = Between(lower, right);
                    Vector128<float> value = top + (bottom - top) * below + Vector128.Create(0.5f);
                    Vector128<int> bytes = Vector128.ConvertToInt32(value);
                    put[0] = (byte)bytes.GetElement(0);
                    put[1] = (byte)bytes.GetElement(1);
                    put[2] = (byte)bytes.GetElement(2);
                }
            }
        }
    }

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

    /// <summary>A coordinate folded back into 0 .. last.</summary>
    static float Mirror(float at, float last)
    {
        if (last <= 0 || !float.IsFinite(at)) return 0;
        at = Math.Abs(at);
        float turns = MathF.Floor(at / last), rest = at - turns * last;
        return Math.Clamp(((int)turns & 1) == 0 ? rest : last - rest, 0, last);
    }

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

    static float Lerp(float from, float to, float share) => from + (to - from) * share;
}
