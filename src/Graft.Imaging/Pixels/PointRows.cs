using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Graft.Imaging.Pixels;

/// <summary>Operations on bytes that need no table.</summary>
static class PointRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mask(ReadOnlySpan<byte> from, Span<byte> to, byte mask)
    {
        ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> bits = Vector256.Create(mask);
            for (; i + 32 <= to.Length; i += 32)
                (Vector256.LoadUnsafe(ref source, (nuint)i) & bits).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < to.Length; i++) to[i] = (byte)(from[i] & mask);
    }

    /// <summary>Inverts what is at or above the threshold, 0 to 256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solarize(ReadOnlySpan<byte> from, Span<byte> to, int threshold)
    {
        if (threshold > 255)
        {
            from.CopyTo(to);
            return;
        }
        ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> bound = Vector256.Create((byte)threshold);
            for (; i + 32 <= to.Length; i += 32)
            {
                Vector256<byte> bytes = Vector256.LoadUnsafe(ref source, (nuint)i);
                (bytes ^ Vector256.Equals(Vector256.Max(bytes, bound), bytes)).StoreUnsafe(ref target, (nuint)i);
            }
        }
        for (; i < to.Length; i++) to[i] = (byte)(from[i] >= threshold ? 255 - from[i] : from[i]);
    }
}
