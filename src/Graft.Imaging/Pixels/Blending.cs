using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Graft.Imaging.Pixels;

/// <summary>
/// Pillow's blend: a + alpha (b - a) in single precision, truncated, and clipped where alpha lies outside of 0 .. 1.
/// </summary>
static class Blending
{
    /// <summary>One byte.</summary>
    public static byte One(int a, int b, float alpha)
    {
        float sum = a + alpha * (b - a);
        return sum <= 0 ? (byte)0 : sum >= 255 ? (byte)255 : (byte)sum;
    }

    /// <summary>16 bytes, as 16-bit words and differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Words(Vector256<short> from, Vector256<short> difference, Vector256<float> alpha)
    {
        (Vector256<int> a0, Vector256<int> a1) = Vector256.Widen(from);
        (Vector256<int> d0, Vector256<int> d1) = Vector256.Widen(difference);
        Vector256<int> low = Lane(a0, d0, alpha), high = Lane(a1, d1, alpha);
        Vector256<short> words = Vector256.Narrow(low, high);
        return Vector128.Narrow(words.GetLower().AsUInt16(), words.GetUpper().AsUInt16());
    }

    /// <summary>Eight sums, clipped to bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Lane(Vector256<int> from, Vector256<int> difference, Vector256<float> alpha)
    {
        Vector256<float> sum = Vector256.ConvertToSingle(from) + alpha * Vector256.ConvertToSingle(difference);
        sum = Vector256.MinNative(Vector256.MaxNative(sum, Vector256<float>.Zero), Vector256.Create(255f));
        return Vector256.ConvertToInt32Native(sum);
    }
}
