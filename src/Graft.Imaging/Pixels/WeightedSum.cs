using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Imaging.Pixels;

/// <summary>Sums of bytes and floats with weights, in single precision.</summary>
static class WeightedSum
{
    /// <summary>sum += weight x value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<byte> values, float weight, Span<float> sums)
    {
        ref byte from = ref MemoryMarshal.GetReference(values);
        ref float to = ref MemoryMarshal.GetReference(sums);
        Vector<float> factor = new(weight);
        int i = 0, lanes = Vector<float>.Count;
        for (; i + Vector<byte>.Count <= sums.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref from, (nuint)i), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            Store(a, factor, ref to, i);
            Store(b, factor, ref to, i + lanes);
            Store(c, factor, ref to, i + 2 * lanes);
            Store(d, factor, ref to, i + 3 * lanes);
        }
        for (; i < sums.Length; i++) sums[i] += weight * values[i];
    }

    /// <summary>sum += weight x value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        ref float from = ref MemoryMarshal.GetReference(values), to = ref MemoryMarshal.GetReference(sums);
        Vector<float> factor = new(weight);
        int i = 0;
        for (; i + Vector<float>.Count <= sums.Length; i += Vector<float>.Count)
        {
            Vector<float> sum = Vector.LoadUnsafe(ref to, (nuint)i) + factor * Vector.LoadUnsafe(ref from, (nuint)i);
            sum.StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < sums.Length; i++) sums[i] += weight * values[i];
    }

    /// <summary>To bytes, halves to even.</summary>
    public static void Round(ReadOnlySpan<float> sums, Span<byte> to) => Narrow(sums, to, truncate: false);

    /// <summary>To bytes, towards zero.</summary>
    public static void Truncate(ReadOnlySpan<float> sums, Span<byte> to) => Narrow(sums, to, truncate: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Narrow(ReadOnlySpan<float> sums, Span<byte> to, bool truncate)
    {
        ref float from = ref MemoryMarshal.GetReference(sums);
        ref byte target = ref MemoryMarshal.GetReference(to);
        int i = 0, lanes = Vector<float>.Count;
        for (; i + Vector<byte>.Count <= to.Length; i += Vector<byte>.Count)
        {
            Vector<ushort> low = Vector.Narrow(At(ref from, i, truncate), At(ref from, i + lanes, truncate));
            Vector<ushort> high = Vector.Narrow(At(ref from, i + 2 * lanes, truncate), At(ref from, i + 3 * lanes, truncate));
            Vector.Narrow(low, high).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < to.Length; i++) to[i] = (byte)(truncate ? sums[i] : MathF.Round(sums[i]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<uint> At(ref float from, int at, bool truncate)
    {
        Vector<float> values = Vector.LoadUnsafe(ref from, (nuint)at);
        return Vector.ConvertToInt32(truncate ? values : Vector.Round(values)).As<int, uint>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector<uint> values, Vector<float> factor, ref float to, int at) =>
        (Vector.LoadUnsafe(ref to, (nuint)at) + factor * Vector.ConvertToSingle(values.As<uint, int>()))
            .StoreUnsafe(ref to, (nuint)at);
}
