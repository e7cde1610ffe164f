using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Graft.Imaging.Pixels;

/// <summary>Counts and bounds of the channels' values.</summary>
static unsafe class Histogram
{
    /// <summary>How often each value is there: red's 256 counts, green's, blue's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count(ReadOnlySpan<byte> rgb, Span<int> counts)
    {
        // Two sets of counters: in flat regions, neighbours would wait for each other's increment.
        int* one = stackalloc int[1536];
        int* red = one, green = one + 256, blue = one + 512, red2 = one + 768, green2 = one + 1024, blue2 = one + 1280;
        new Span<int>(one, 1536).Clear();
        int i = 0;
        fixed (byte* pixels = rgb)
        {
            for (; i + 6 <= rgb.Length; i += 6)
            {
                nuint a = pixels[i], b = pixels[i + 1], c = pixels[i + 2];
                nuint d = pixels[i + 3], e = pixels[i + 4], f = pixels[i + 5];
                red[a]++;
                green[b]++;
                blue[c]++;
                red2[d]++;
                green2[e]++;
                blue2[f]++;
            }
        }
        for (; i < rgb.Length; i++) one[i % 3 * 256 + rgb[i]]++;
        for (i = 0; i < 768; i++) counts[i] = one[i] + one[i + 768];
    }

    /// <summary>The least and the greatest value of each channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bounds(ReadOnlySpan<byte> rgb, Span<byte> least, Span<byte> greatest)
    {
        least[..3].Fill(255);
        greatest[..3].Clear();
        int i = 0;
        if (Vector256.IsHardwareAccelerated && rgb.Length >= 96)
        {
            ref byte source = ref MemoryMarshal.GetReference(rgb);
            Vector256<byte> low0 = Vector256<byte>.AllBitsSet, low1 = low0, low2 = low0, high0 = default, high1 = default;
            Vector256<byte> high2 = default;
            for (; i + 96 <= rgb.Length; i += 96)
            {
                Vector256<byte> a = Vector256.LoadUnsafe(ref source, (nuint)i);
                Vector256<byte> b = Vector256.LoadUnsafe(ref source, (nuint)i + 32);
                Vector256<byte> c = Vector256.LoadUnsafe(ref source, (nuint)i + 64);
                (low0, low1, low2) = (Vector256.Min(low0, a), Vector256.Min(low1, b), Vector256.Min(low2, c));
                (high0, high1, high2) = (Vector256.Max(high0, a), Vector256.Max(high1, b), Vector256.Max(high2, c));
            }
            Span<byte> lows = stackalloc byte[96], highs = stackalloc byte[96];
            low0.CopyTo(lows);
            low1.CopyTo(lows[32..]);
            low2.CopyTo(lows[64..]);
            high0.CopyTo(highs);
            high1.CopyTo(highs[32..]);
            high2.CopyTo(highs[64..]);
            for (int k = 0; k < 96; k++)
                (least[k % 3], greatest[k % 3]) = (Math.Min(least[k % 3], lows[k]), Math.Max(greatest[k % 3], highs[k]));
        }
        for (int channel = 0; i < rgb.Length; i++, channel = channel == 2 ? 0 : channel + 1)
        {
            least[channel] = Math.Min(least[channel], rgb[i]);
            greatest[channel] = Math.Max(greatest[channel], rgb[i]);
        }
    }
}
