using System.Runtime.CompilerServices;
using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>Normal noise on every byte, drawn from a seed: the same seed gives the same noise on every machine.</summary>
public static class Noise
{
    /// <summary>value + 255 (mean + sigma n), rounded and clipped (torchvision v2's GaussianNoise, for bytes).</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="sigma">Standard deviation, where 1 is the whole range of a byte.</param>
    /// <param name="seed">Says which noise.</param>
    /// <param name="mean">Mean of the noise, of the same unit. <value>0.</value></param>
    /// <exception cref="ArgumentException">The deviation is negative, or a number is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Image Gaussian(Image image, double sigma, ulong seed, double mean = 0)
    {
        if (!(sigma >= 0 && double.IsFinite(sigma) && double.IsFinite(mean)))
            throw new ArgumentException(
                $"noise of deviation {sigma} about {mean}: expected finite numbers, the first not negative");
        Span<short> steps = stackalloc short[NormalQuantiles.Count];
        ReadOnlySpan<float> normal = NormalQuantiles.Values;
        for (int i = 0; i < steps.Length; i++)
            steps[i] = (short)Math.Clamp(Math.Round(255 * (mean + sigma * normal[i])), -255, 255);
        Image result = Image.Uninitialized(image.Width, image.Height);
        ReadOnlySpan<byte> from = image.Rgb;
        Span<byte> to = result.Rgb;
        ulong bits = 0;
        for (int i = 0; i < from.Length; i++, bits >>= 16)
        {
            if ((i & 3) == 0) bits = Mix(ref seed);
            int value = from[i] + steps[(int)bits & (NormalQuantiles.Count - 1)];
            to[i] = (byte)Math.Clamp(value, 0, 255);
        }
        return result;
    }

    /// <summary>
    /// A copy in which a rectangle is standard normal noise in the unit of networks' inputs: 255 (mean + std n) with ImageNet's
    /// mean and standard deviation, rounded and clipped (RandomErasing with the value "random").
    /// </summary>
    /// <exception cref="ArgumentException">The rectangle reaches out of the image.</exception>
    public static Image Rectangle(Image image, int left, int top, int width, int height, ulong seed)
    {
        Erase.Check(image, left, top, width, height);
        Image result = image.Clone();
        ReadOnlySpan<float> normal = NormalQuantiles.Values;
        ReadOnlySpan<float> mean = [0.485f, 0.456f, 0.406f], deviation = [0.229f, 0.224f, 0.225f];
        for (int y = top; y < top + height; y++)
        {
            Span<byte> row = result.Row(y).Slice(left * 3, width * 3);
            for (int i = 0; i < row.Length; i += 3)
            {
                ulong bits = Mix(ref seed);
                for (int c = 0; c < 3; c++, bits >>= 16)
                {
                    float value = 255 * (mean[c] + deviation[c] * normal[(int)bits & (NormalQuantiles.Count - 1)]);
                    row[i + c] = (byte)Math.Clamp(MathF.Round(value), 0, 255);
                }
            }
        }
        return result;
    }

    /// <summary>The next 64 bits of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
