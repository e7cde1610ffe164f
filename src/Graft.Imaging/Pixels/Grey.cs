using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>Pillow's luma in 16.16 fixed point (ITU-R 601-2), and what is built on it.</summary>
static class Grey
{
    const int Red = 19595, Green = 38470, Blue = 7471, Half = 0x8000;

    /// <summary>Whether to use AVX2; the tests turn it off to compare.</summary>
    internal static bool UseVectors { get; set; } = Avx2.IsSupported;

    public static int Of(int red, int green, int blue) => (red * Red + green * Green + blue * Blue + Half) >> 16;

    /// <summary>The sum of all pixels' grey values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Sum(Image image)
    {
        ReadOnlySpan<byte> rgb = image.Rgb;
        ref byte source = ref MemoryMarshal.GetReference(rgb);
        long sum = 0;
        int i = 0;
        if (UseVectors)
        {
            Vector256<long> sums = default;
            // eight pixels are read as two times 16 bytes, of which the last four are the next pixels'
            while (i + 28 <= rgb.Length)
            {
                // 2^20 greys of 255 fit into a lane
                Vector256<int> part = default;
                for (int k = 0; k < 1 << 20 && i + 28 <= rgb.Length; k++, i += 24) part += Luma(Load8(ref source, i));
                sums += Vector256.WidenLower(part) + Vector256.WidenUpper(part);
            }
            sum = Vector256.Sum(sums);
        }
        for (; i < rgb.Length; i += 3) sum += Of(rgb[i], rgb[i + 1], rgb[i + 2]);
        return sum;
    }

    /// <summary>Each pixel blended with its own grey; alpha 0 is all grey.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Blend(ReadOnlySpan<byte> from, Span<byte> to, float alpha)
    {
        ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        if (UseVectors)
        {
            Vector256<float> factor = Vector256.Create(alpha);
            Vector256<int> low = Vector256.Create(255);
            for (; i + 28 <= from.Length; i += 24)
            {
                Vector256<int> words = Load8(ref source, i), grey = Luma(words);
                Vector256<int> red = Blending.Lane(grey, (words & low) - grey, factor);
                Vector256<int> green = Blending.Lane(grey, (words >> 8 & low) - grey, factor);
                Vector256<int> blue = Blending.Lane(grey, (words >> 16) - grey, factor);
                Store8(red | green << 8 | blue << 16, ref target, i);
            }
        }
        for (; i < from.Length; i += 3)
        {
            int grey = Of(from[i], from[i + 1], from[i + 2]);
            to[i] = Blending.One(grey, from[i], alpha);
            to[i + 1] = Blending.One(grey, from[i + 1], alpha);
            to[i + 2] = Blending.One(grey, from[i + 2], alpha);
        }
    }

    /// <summary>Eight pixels as words: red, green, blue, nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load8(ref byte source, int at)
    {
        Vector256<byte> bytes = Vector256.Create(
            Vector128.LoadUnsafe(ref source, (nuint)at), Vector128.LoadUnsafe(ref source, (nuint)at + 12));
        return Avx2.Shuffle(bytes, Vector256.Create(
            (byte)0, 1, 2, 128, 3, 4, 5, 128, 6, 7, 8, 128, 9, 10, 11, 128,
            0, 1, 2, 128, 3, 4, 5, 128, 6, 7, 8, 128, 9, 10, 11, 128)).AsInt32();
    }

    /// <summary>Writes eight such words as 24 bytes and four more of no meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8(Vector256<int> words, ref byte target, int at)
    {
        Vector256<byte> packed = Avx2.Shuffle(words.AsByte(), Vector256.Create(
            (byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128,
            0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128));
        packed.GetLower().StoreUnsafe(ref target, (nuint)at);
        packed.GetUpper().StoreUnsafe(ref target, (nuint)at + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Luma(Vector256<int> words)
    {
        // the factor of green is too large for 16 bits: it is taken in two halves, one with red and one with blue
        Vector256<byte> bytes = words.AsByte();
        Vector256<short> redGreen = Avx2.Shuffle(bytes, Vector256.Create(
            (byte)0, 128, 1, 128, 4, 128, 5, 128, 8, 128, 9, 128, 12, 128, 13, 128,
            0, 128, 1, 128, 4, 128, 5, 128, 8, 128, 9, 128, 12, 128, 13, 128)).AsInt16();
        Vector256<short> greenBlue = Avx2.Shuffle(bytes, Vector256.Create(
            (byte)1, 128, 2, 128, 5, 128, 6, 128, 9, 128, 10, 128, 13, 128, 14, 128,
            1, 128, 2, 128, 5, 128, 6, 128, 9, 128, 10, 128, 13, 128, 14, 128)).AsInt16();
        Vector256<int> sum = Avx2.MultiplyAddAdjacent(redGreen, Vector256.Create(Red | Green / 2 << 16).AsInt16())
            + Avx2.MultiplyAddAdjacent(greenBlue, Vector256.Create(Green / 2 | Blue << 16).AsInt16());
        return sum + Vector256.Create(Half) >> 16;
    }
}
