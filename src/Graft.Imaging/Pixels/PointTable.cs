using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>Operations that look every byte up in a table: one of 256 entries, or one for each channel.</summary>
static class PointTable
{
    /// <summary>Whether to look up by vectors; the tests turn it off to compare.</summary>
    internal static bool UseVectors { get; set; } = Avx512Vbmi.IsSupported;

    /// <summary>A new image, its bytes those of the table: 256 for all channels, or 768 for red, green and blue.</summary>
    public static Image Apply(Image image, ReadOnlySpan<byte> table)
    {
        Image result = Image.Uninitialized(image.Width, image.Height);
        if (table.Length == 256) One(image.Rgb, result.Rgb, table);
        else Three(image.Rgb, result.Rgb, table);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> table)
    {
        ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        int i = 0, length = from.Length;
        if (UseVectors && length >= 64)
        {
            Table lookup = new(table);
            for (; i + 64 <= length; i += 64)
                lookup.Of(Vector512.LoadUnsafe(ref source, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }
        ref byte entries = ref MemoryMarshal.GetReference(table);
        for (; i + 4 <= length; i += 4)
        {
            byte a = Unsafe.Add(ref entries, (nuint)Unsafe.Add(ref source, i));
            byte b = Unsafe.Add(ref entries, (nuint)Unsafe.Add(ref source, i + 1));
            byte c = Unsafe.Add(ref entries, (nuint)Unsafe.Add(ref source, i + 2));
            byte d = Unsafe.Add(ref entries, (nuint)Unsafe.Add(ref source, i + 3));
            (Unsafe.Add(ref target, i), Unsafe.Add(ref target, i + 1)) = (a, b);
            (Unsafe.Add(ref target, i + 2), Unsafe.Add(ref target, i + 3)) = (c, d);
        }
        for (; i < length; i++) to[i] = table[from[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Three(ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> table)
    {
        ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        int i = 0, length = from.Length;
        if (UseVectors && length >= 192)
        {
            Table red = new(table), green = new(table[256..]), blue = new(table[512..]);
            // the k-th byte of the first register is red where k mod 3 is 0, of the second where it is 2, of the third where 1
            Vector512<byte> first = Mask(0), second = Mask(1), third = Mask(2);
            for (; i + 192 <= length; i += 192)
            {
                Vector512<byte> a = Vector512.LoadUnsafe(ref source, (nuint)i);
                Vector512<byte> b = Vector512.LoadUnsafe(ref source, (nuint)i + 64);
                Vector512<byte> c = Vector512.LoadUnsafe(ref source, (nuint)i + 128);
                Mix(a, red, green, blue, first, second).StoreUnsafe(ref target, (nuint)i);
                Mix(b, red, green, blue, third, first).StoreUnsafe(ref target, (nuint)i + 64);
                Mix(c, red, green, blue, second, third).StoreUnsafe(ref target, (nuint)i + 128);
            }
        }
        ref byte entries = ref MemoryMarshal.GetReference(table);
        for (; i + 3 <= length; i += 3)
        {
            byte r = Unsafe.Add(ref entries, (nuint)Unsafe.Add(ref source, i));
            byte g = Unsafe.Add(ref entries, Unsafe.Add(ref source, i + 1) + (nuint)256);
            byte b = Unsafe.Add(ref entries, Unsafe.Add(ref source, i + 2) + (nuint)512);
            (Unsafe.Add(ref target, i), Unsafe.Add(ref target, i + 1), Unsafe.Add(ref target, i + 2)) = (r, g, b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<byte> Mix(
        Vector512<byte> bytes, in Table red, in Table green, in Table blue, Vector512<byte> isRed, Vector512<byte> isGreen) =>
        Vector512.ConditionalSelect(
            isRed, red.Of(bytes), Vector512.ConditionalSelect(isGreen, green.Of(bytes), blue.Of(bytes)));

    /// <summary>All ones where the place is the remainder modulo 3.</summary>
    static Vector512<byte> Mask(int remainder)
    {
        Span<byte> bytes = stackalloc byte[64];
        bytes.Clear();
        for (int i = remainder; i < 64; i += 3) bytes[i] = 255;
        return Vector512.Create<byte>(bytes);
    }

    /// <summary>256 entries in four registers.</summary>
    readonly struct Table(ReadOnlySpan<byte> entries)
    {
        readonly Vector512<byte> one = Vector512.Create(entries[..64]), two = Vector512.Create(entries[64..128]);
        readonly Vector512<byte> three = Vector512.Create(entries[128..192]), four = Vector512.Create(entries[192..256]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<byte> Of(Vector512<byte> index) => Vector512.ConditionalSelect(
            Vector512.GreaterThan(index, Vector512.Create((byte)127)),
            Avx512Vbmi.PermuteVar64x8x2(three, index, four), Avx512Vbmi.PermuteVar64x8x2(one, index, two));
    }
}
