using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Graft.Imaging.Pixels;

namespace Graft.Imaging;

/// <summary>
/// Gaussian blur with torchvision's kernel: exp(-x^2 / 2 sigma^2) over a window of odd size, normalised; the image is mirrored at
/// its edges, the sum rounded to bytes. Two passes in single precision, where torchvision has one: at most one level apart.
/// </summary>
public static class Blur
{
    /// <summary>A blurred image.</summary>
    /// <param name="image">The source; unchanged.</param>
    /// <param name="kernelWidth">Width of the window, odd, at most 2 x the image's width - 1.</param>
    /// <param name="kernelHeight">Height of the window, odd, at most 2 x the image's height - 1.</param>
    /// <param name="sigmaX">Standard deviation along x, in pixels.</param>
    /// <param name="sigmaY">Standard deviation along y, in pixels.</param>
    /// <exception cref="ArgumentException">The window is even or too large, or a deviation is not positive.</exception>
    public static Image Gaussian(Image image, int kernelWidth, int kernelHeight, double sigmaX, double sigmaY)
    {
        Check(kernelWidth, image.Width, "wide");
        Check(kernelHeight, image.Height, "high");
        float[] across = Kernel(kernelWidth, sigmaX), down = Kernel(kernelHeight, sigmaY);
        int stride = image.Width * 3, padX = kernelWidth / 2, padY = kernelHeight / 2;
        Image result = Image.Uninitialized(image.Width, image.Height);
        int padded = stride + padX * 6;
        float[] line = ArrayPool<float>.Shared.Rent(padded), sum = ArrayPool<float>.Shared.Rent(stride);
        // the window's rows, blurred across; row y lies at y modulo the window's height
        float[] rows = ArrayPool<float>.Shared.Rent(stride * kernelHeight);
        int ready = 0;
        for (int y = 0; y < image.Height; y++)
        {
            int needed = Math.Min(y + padY, image.Height - 1);
            for (; ready <= needed; ready++)
            {
                Widen(image.Row(ready), line.AsSpan(0, padded), image.Width, padX);
                Span<float> row = rows.AsSpan(ready % kernelHeight * stride, stride);
                row.Clear();
                for (int k = 0; k < kernelWidth; k++) WeightedSum.Add(line.AsSpan(k * 3, stride), across[k], row);
            }
            Span<float> total = sum.AsSpan(0, stride);
            total.Clear();
            for (int k = 0; k < kernelHeight; k++)
                WeightedSum.Add(rows.AsSpan(Mirror(y + k - padY, image.Height) % kernelHeight * stride, stride), down[k], total);
            WeightedSum.Round(total, result.Row(y));
        }
        ArrayPool<float>.Shared.Return(line);
        ArrayPool<float>.Shared.Return(sum);
        ArrayPool<float>.Shared.Return(rows);
        return result;
    }

    static void Check(int size, int side, string word)
    {
        if (size <= 0 || size % 2 == 0) throw new ArgumentException($"a kernel {size} pixels {word}: expected an odd number");
        if (size / 2 >= side)
            throw new ArgumentException(
                $"a kernel {size} pixels {word} reaches over an image {side} pixels {word}: expected at most {2 * side - 1}");
    }

    static float[] Kernel(int size, double sigma)
    {
        if (!(sigma > 0)) throw new ArgumentException($"a standard deviation of {sigma}: expected a number above 0");
        float[] kernel = new float[size];
        float sum = 0;
        for (int i = 0; i < size; i++)
        {
            float x = (i - (size - 1) * 0.5f) / (float)sigma;
            sum += kernel[i] = MathF.Exp(-0.5f * (x * x));
        }
        for (int i = 0; i < size; i++) kernel[i] /= sum;
        return kernel;
    }

    static int Mirror(int at, int size) => at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Widen(ReadOnlySpan<byte> row, Span<float> line, int width, int pad)
    {
        Span<float> middle = line.Slice(pad * 3, row.Length);
        ref byte source = ref MemoryMarshal.GetReference(row);
        ref float target = ref MemoryMarshal.GetReference(middle);
        int i = 0;
        for (; i + Vector<byte>.Count <= row.Length; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)i), out Vector<ushort> low, out Vector<ushort> high);
            Store(low, ref target, i);
            Store(high, ref target, i + Vector<ushort>.Count);
        }
        for (; i < row.Length; i++) middle[i] = row[i];
        for (int x = 0; x < pad; x++)
        {
            middle.Slice((pad - x) * 3, 3).CopyTo(line[(x * 3)..]);
            middle.Slice((width - 2 - x) * 3, 3).CopyTo(line[((pad + width + x) * 3)..]);
        }

        static void Store(Vector<ushort> words, ref float target, int at)
        {
            Vector.Widen(words, out Vector<uint> low, out Vector<uint> high);
            Vector.ConvertToSingle(low.As<uint, int>()).StoreUnsafe(ref target, (nuint)at);
            Vector.ConvertToSingle(high.As<uint, int>()).StoreUnsafe(ref target, (nuint)(at + Vector<uint>.Count));
        }
    }
}
