using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    /// <summary>Whole rows; the target may be one of the two.</summary>
    public static void Rows(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, Span<byte> target, float alpha)
    {
        ref byte a = ref MemoryMarshal.GetReference(from), b = ref MemoryMarshal.GetReference(to);
        ref byte put = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> factor = Vector256.Create(alpha);
            for (; i + 16 <= target.Length; i += 16)
            {
                Vector256<short> one = Vector256.WidenLower(Vector128.LoadUnsafe(ref a, (nuint)i).ToVector256Unsafe()).AsInt16();
                Vector256<short> two = Vector256.WidenLower(Vector128.LoadUnsafe(ref b, (nuint)i).ToVector256Unsafe()).AsInt16();
                Words(one, two - one, factor).StoreUnsafe(ref put, (nuint)i);
            }
        }
        for (; i < target.Length; i++) target[i] = One(from[i], to[i], alpha);
    }

    /// <summary>16 bytes, as 16-bit words and differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Words(Vector256<short> from, Vector256<short> difference, Vector256<float> alpha)
    {
        (Vector256<int> a0, Vector256<int> a1) = Vector256.Widen(from);
        (Vector256<int> d0, Vector256<int> d1) = Vector256.Widen(difference);
        Vector256<int> low = Lane(a0, d0, alpha), high = Lane(a1, d1, alpha);
        // saturating in two steps is the clipping: the sums lie within 16 bits, or do after the clamp of Lane
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
