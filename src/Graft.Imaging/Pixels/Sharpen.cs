using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>
/// Pillow's ImageEnhance.Sharpness: towards (factor below 1) or away from (above 1) the image smoothed by a 3 x 3 kernel of ones
/// with a 5 in the middle. The outermost pixels stay.
/// </summary>
public static class Sharpen
{
    /// <summary>A new image, sharper or smoother.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="factor">0 smooths, 1 changes nothing, 2 sharpens.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not finite.</exception>
    public static Image Apply(Image image, double factor)
    {
        if (!double.IsFinite(factor)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "expected a finite factor");
        Image result = Image.Uninitialized(image.Width, image.Height);
        if (image.Width < 3 || image.Height < 3)
        {
            image.Rgb.CopyTo(result.Rgb);
            return result;
        }
        image.Row(0).CopyTo(result.Row(0));
        image.Row(image.Height - 1).CopyTo(result.Row(image.Height - 1));
        for (int y = 1; y < image.Height - 1; y++)
            Row(image.Row(y - 1), image.Row(y), image.Row(y + 1), result.Row(y), (float)factor);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(ReadOnlySpan<byte> above, ReadOnlySpan<byte> here, ReadOnlySpan<byte> below, Span<byte> target, float factor)
    {
        here[..3].CopyTo(target);
        here[^3..].CopyTo(target[^3..]);
        int i = 3, end = target.Length - 3;
        if (Vector256.IsHardwareAccelerated)
        {
            ref byte one = ref MemoryMarshal.GetReference(above), two = ref MemoryMarshal.GetReference(here);
            ref byte three = ref MemoryMarshal.GetReference(below), put = ref MemoryMarshal.GetReference(target);
            Vector256<float> alpha = Vector256.Create(factor);
            for (; i + 16 <= end; i += 16)
            {
                Vector256<ushort> left = Wide(ref one, i - 3) + Wide(ref two, i - 3) + Wide(ref three, i - 3);
                Vector256<ushort> right = Wide(ref one, i + 3) + Wide(ref two, i + 3) + Wide(ref three, i + 3);
                Vector256<ushort> middle = Wide(ref two, i);
                Vector256<ushort> sum = left + right + Wide(ref one, i) + Wide(ref three, i) + middle + (middle << 2);
                Vector256<short> smooth = Thirteenth(sum).AsInt16();
                Blending.Words(smooth, middle.AsInt16() - smooth, alpha).StoreUnsafe(ref put, (nuint)i);
            }
        }
        for (; i < end; i++)
        {
            int sum = above[i - 3] + above[i] + above[i + 3] + here[i - 3] + here[i] * 5 + here[i + 3]
                + below[i - 3] + below[i] + below[i + 3];
            // Pillow rounds the sum of thirteenths in float; it never lies near enough to a half for that to matter
            target[i] = Blending.One((sum + 6) / 13, here[i], factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ushort> Wide(ref byte bytes, int at) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref bytes, (nuint)at).ToVector256Unsafe());

    /// <summary>(sum + 6) / 13, exact below 6553.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ushort> Thirteenth(Vector256<ushort> sum)
    {
        Vector256<ushort> value = sum + Vector256.Create((ushort)6);
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(value);
        return Vector256.Narrow(low * 5042 >> 16, high * 5042 >> 16);
    }
}
