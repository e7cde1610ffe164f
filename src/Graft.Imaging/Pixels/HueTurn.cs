using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>
/// Pillow's conversion to 8-bit HSV, a shift of the hue's byte, and the conversion back, each sum and quotient in the precision
/// that it has there.
/// </summary>
static class HueTurn
{
    /// <summary>
    /// By hue: which of (0) the value, (1) p, (2) q and (3) t red, green and blue are, a byte each; the fourth byte clears.
    /// </summary>
    static readonly int[] orders = new int[256];

    /// <summary>By hue: the place within its sixth of the circle.</summary>
    static readonly float[] places = new float[256];

    /// <summary>By the byte of the saturation: a share of 1.</summary>
    static readonly float[] shares = new float[256];

    /// <summary>Whether to use AVX2; the tests turn it off to compare.</summary>
    internal static bool UseVectors { get; set; } = Avx2.IsSupported;

    static HueTurn()
    {
        ReadOnlySpan<int> sextants = [0x010300, 0x010002, 0x030001, 0x000201, 0x000103, 0x020100];
        for (int i = 0; i < 256; i++)
        {
            double at = (float)i * 6.0 / 255.0;
            int sextant = (int)Math.Floor(at);
            orders[i] = sextants[sextant % 6] | 0x80 << 24;
            places[i] = (float)(at - sextant);
            shares[i] = (float)(i / 255.0);
        }
    }

    /// <param name="from">Pixels.</param>
    /// <param name="to">The changed pixels.</param>
    /// <param name="shift">What is added to the hue, modulo 256.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<byte> from, Span<byte> to, byte shift)
    {
        int i = 0;
        if (UseVectors)
        {
            ref byte source = ref MemoryMarshal.GetReference(from), target = ref MemoryMarshal.GetReference(to);
            for (; i + 28 <= from.Length; i += 24)
                Grey.Store8(Eight(Grey.Load8(ref source, i), Vector256.Create((int)shift)), ref target, i);
        }
        for (; i < from.Length; i += 3) One(from.Slice(i, 3), to.Slice(i, 3), shift);
    }

    static void One(ReadOnlySpan<byte> from, Span<byte> to, byte shift)
    {
        int red = from[0], green = from[1], blue = from[2];
        int most = Math.Max(red, Math.Max(green, blue)), least = Math.Min(red, Math.Min(green, blue));
        float range = Math.Max(most - least, 1);
        float toRed = (most - red) / range, toGreen = (most - green) / range, toBlue = (most - blue) / range;
        float h = red == most ? toBlue - toGreen
            : green == most ? (float)(2.0 + toRed - toBlue) : (float)(4.0 + toGreen - toRed);
        double turn = h / 6.0 + 1.0;
        int hue = (byte)((int)((float)(turn - Math.Floor(turn)) * 255.0) + shift);
        int saturation = most == least ? 0 : (int)(range / most * 255.0);
        float place = places[hue], share = shares[saturation];
        byte p = Round(most * (1.0 - share)), q = Round(most * (1.0 - share * place));
        byte t = Round(most * (1.0 - share * (1.0 - place)));
        ReadOnlySpan<byte> values = [(byte)most, p, q, t];
        for (int c = 0; c < 3; c++) to[c] = values[orders[hue] >> (8 * c) & 3];
    }

    /// <summary>Half away from zero; the values are far from where adding a half would round.</summary>
    static byte Round(double value) => (byte)(value + 0.5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe Vector256<int> Eight(Vector256<int> words, Vector256<int> shift)
    {
        Vector256<int> low = Vector256.Create(255), one = Vector256.Create(1);
        Vector256<int> red = words & low, green = words >> 8 & low, blue = words >> 16;
        Vector256<int> most = Avx2.Max(red, Avx2.Max(green, blue)), least = Avx2.Min(red, Avx2.Min(green, blue));
        // a grey has no hue: its saturation becomes 0, and any hue will do
        Vector256<float> range = Avx.ConvertToVector256Single(Avx2.Max(most - least, one));
        Vector256<float> toRed = Avx.ConvertToVector256Single(most - red) / range;
        Vector256<float> toGreen = Avx.ConvertToVector256Single(most - green) / range;
        Vector256<float> toBlue = Avx.ConvertToVector256Single(most - blue) / range;
        Vector256<float> isRed = Avx2.CompareEqual(red, most).AsSingle(), isGreen = Avx2.CompareEqual(green, most).AsSingle();
        Vector256<float> plus = Avx.BlendVariable(Avx.BlendVariable(toGreen, toRed, isGreen), toBlue, isRed);
        Vector256<float> minus = Avx.BlendVariable(Avx.BlendVariable(toRed, toBlue, isGreen), toGreen, isRed);
        Vector256<float> sixths = Avx.BlendVariable(
            Avx.BlendVariable(Vector256.Create(4f), Vector256.Create(2f), isGreen), Vector256<float>.Zero, isRed);
        Vector128<int> hue0 = Hue(sixths.GetLower(), plus.GetLower(), minus.GetLower());
        Vector128<int> hue1 = Hue(sixths.GetUpper(), plus.GetUpper(), minus.GetUpper());
        Vector256<int> hue = Vector256.Create(hue0, hue1) + shift & low;
        Vector256<float> value = Avx.ConvertToVector256Single(most);
        Vector256<float> chroma = Avx.ConvertToVector256Single(most - least);
        Vector256<float> relative = chroma / Avx.ConvertToVector256Single(Avx2.Max(most, one));
        Vector256<int> saturation = Vector256.Create(Bytes(relative.GetLower()), Bytes(relative.GetUpper()));
        Vector256<float> place, share;
        Vector256<int> order;
        fixed (float* placeAt = places, shareAt = shares)
        fixed (int* orderAt = orders)
        {
            place = Avx2.GatherVector256(placeAt, hue, 4);
            share = Avx2.GatherVector256(shareAt, saturation, 4);
            order = Avx2.GatherVector256(orderAt, hue, 4);
        }
        Vector256<int> all = Vector256.Create(
            Mix(value.GetLower(), share.GetLower(), place.GetLower()), Mix(value.GetUpper(), share.GetUpper(), place.GetUpper()));
        // the order's bytes count from the pixel's own word
        Vector256<int> offset = Vector256.Create(0, 0x040404, 0x080808, 0x0C0C0C, 0, 0x040404, 0x080808, 0x0C0C0C);
        return Avx2.Shuffle((all | most).AsByte(), (order + offset).AsByte()).AsInt32();
    }

    /// <summary>The hue's byte of four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Hue(Vector128<float> sixths, Vector128<float> plus, Vector128<float> minus)
    {
        // within the sixth of red this is the same difference in float, since 0 + x - y rounds once
        Vector256<double> sum = Avx.ConvertToVector256Double(sixths) + Avx.ConvertToVector256Double(plus)
            - Avx.ConvertToVector256Double(minus);
        Vector256<double> turn = Avx.ConvertToVector256Double(Avx.ConvertToVector128Single(sum)) / Vector256.Create(6.0)
            + Vector256.Create(1.0);
        return Bytes(Avx.ConvertToVector128Single(turn - Avx.Floor(turn)));
    }

    /// <summary>Shares of 255, truncated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Bytes(Vector128<float> shares) =>
        Avx.ConvertToVector128Int32WithTruncation(Avx.ConvertToVector256Double(shares) * 255.0);

    /// <summary>p, q and t of four pixels, from the second byte of each word on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Mix(Vector128<float> value, Vector128<float> share, Vector128<float> place)
    {
        Vector256<double> v = Avx.ConvertToVector256Double(value), s = Avx.ConvertToVector256Double(share);
        Vector256<double> one = Vector256.Create(1.0), half = Vector256.Create(0.5);
        Vector128<int> p = Avx.ConvertToVector128Int32WithTruncation(v * (one - s) + half);
        Vector128<int> q = Avx.ConvertToVector128Int32WithTruncation(
            v * (one - Avx.ConvertToVector256Double(share * place)) + half);
        Vector128<int> t = Avx.ConvertToVector128Int32WithTruncation(
            v * (one - s * (one - Avx.ConvertToVector256Double(place))) + half);
        return p << 8 | q << 16 | t << 24;
    }
}
