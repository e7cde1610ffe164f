using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Resizing;

/// <summary>
/// Pillow's separable resampling of 8-bit RGB: a horizontal pass to bytes, then a vertical pass to bytes, each a weighted sum in
/// 32-bit integers with 22 bits after the point. With AVX2 a weight w is split into w = high * 2048 + low, so that the sums run
/// on
/// 16-bit multiply-adds; sums of integers come out the same in any order and split.
/// </summary>
static unsafe class Resampler
{
    const int SplitBits = 11;
    const int Half = 1 << (Coefficients.PrecisionBits - 1);

    /// <summary>For tests: false takes the plain path on machines with AVX2 as well.</summary>
    internal static bool UseVectors { get; set; } = Avx2.IsSupported;

    public static void Run(
        Plane source, Span<byte> target, int windowWidth, int windowHeight, int width, int height, Interpolation filter,
        (float Left, float Top, float Right, float Bottom) box, int x0, int y0)
    {
        // Pillow skips a pass that would change nothing
        bool horizontal = width != source.Width || box.Left != 0 || box.Right != width;
        bool vertical = height != source.Height || box.Top != 0 || box.Bottom != height;
        int targetStride = windowWidth * 3;
        fixed (byte* pixels = source.Bytes, to = target)
        {
            byte* end = pixels + source.Bytes.Length;
            if (!horizontal && !vertical)
            {
                for (int y = 0; y < windowHeight; y++)
                    source.Bytes.Slice((y0 + y) * source.Stride + x0 * 3, targetStride).CopyTo(target[(y * targetStride)..]);
                return;
            }
            if (!vertical)
            {
                using Coefficients columns = new(source.Width, box.Left, box.Right, width, filter, x0, windowWidth);
                Horizontal(pixels + (long)y0 * source.Stride, end, source.Stride, to, targetStride, windowHeight, columns);
                return;
            }
            using Coefficients rows = new(source.Height, box.Top, box.Bottom, height, filter, y0, windowHeight);
            if (!horizontal)
            {
                Vertical(pixels + x0 * 3L, source.Stride, 0, to, targetStride, targetStride, rows);
                return;
            }
            int first = rows.First[0];
            int last = first;
            for (int i = 0; i < windowHeight; i++)
            {
                first = Math.Min(first, rows.First[i]);
                last = Math.Max(last, rows.First[i] + rows.Count[i]);
            }
            byte[] between = ArrayPool<byte>.Shared.Rent(checked((last - first) * targetStride));
            fixed (byte* middle = between)
            {
                using (Coefficients columns = new(source.Width, box.Left, box.Right, width, filter, x0, windowWidth))
                    Horizontal(
                        pixels + (long)first * source.Stride, end, source.Stride, middle, targetStride, last - first, columns);
                Vertical(middle, targetStride, first, to, targetStride, targetStride, rows);
            }
            ArrayPool<byte>.Shared.Return(between);
        }
    }

    // ---- horizontal ----

    static void Horizontal(byte* source, byte* end, int stride, byte* target, int targetStride, int rows, Coefficients columns)
    {
        int y = 0;
        if (UseVectors)
        {
            // A group of four source pixels is read as 16 bytes, of which the last may lie behind the image: the rows for which
            // that could happen are left to the plain path.
            int groups = columns.Stride / 4;
            long reach = 0;
            for (int i = 0; i < columns.Length; i++)
                reach = Math.Max(reach, columns.First[i] * 3L + (columns.Count[i] + 3) / 4 * 12L + 4);
            short[] table = ArrayPool<short>.Shared.Rent(checked(columns.Length * groups * 32));
            fixed (short* split = table)
            {
                Split(columns, groups, split);
                for (; y + 4 <= rows && source + (y + 3L) * stride + reach <= end; y += 4)
                    FourRows(
                        source + (long)y * stride, stride, target + (long)y * targetStride, targetStride, columns, split, groups);
                for (; y < rows && source + (long)y * stride + reach <= end; y++)
                    OneRow(source + (long)y * stride, target + (long)y * targetStride, columns, split, groups);
            }
            ArrayPool<short>.Shared.Return(table);
        }
        for (; y < rows; y++) PlainRow(source + (long)y * stride, target + (long)y * targetStride, columns);
    }

    /// <summary>
    /// Lays the weights out as the multiply-add wants them: for a group of four pixels 16 low halves and 16 high halves, in the
    /// order
    /// (0, 1) for red, green, blue, nothing, then (2, 3) likewise.
    /// </summary>
    static void Split(Coefficients columns, int groups, short* split)
    {
        for (int i = 0; i < columns.Length; i++)
        {
            ReadOnlySpan<int> weights = columns.Weights.AsSpan(i * columns.Stride, columns.Stride);
            for (int g = 0; g < groups; g++, split += 32)
            {
                for (int pair = 0; pair < 2; pair++)
                {
                    int one = weights[g * 4 + pair * 2], two = weights[g * 4 + pair * 2 + 1];
                    uint low = Low(one, two), high = High(one, two);
                    uint* at = (uint*)split + pair * 4;
                    (at[0], at[1], at[2], at[3]) = (low, low, low, 0);
                    (at[8], at[9], at[10], at[11]) = (high, high, high, 0);
                }
            }
        }
    }

    static uint Low(int one, int two) => (uint)(one & ((1 << SplitBits) - 1)) | (uint)(two & ((1 << SplitBits) - 1)) << 16;

    static uint High(int one, int two) => (uint)(one >> SplitBits) & 0xffff | (uint)(two >> SplitBits) << 16;

    /// <summary>Bytes of four pixels to 16-bit pairs: r0 r1, g0 g1, b0 b1, 0 0 | r2 r3, g2 g3, b2 b3, 0 0.</summary>
    static Vector256<byte> Pairs => Vector256.Create(
        (byte)0, 128, 3, 128, 1, 128, 4, 128, 2, 128, 5, 128, 128, 128, 128, 128,
        6, 128, 9, 128, 7, 128, 10, 128, 8, 128, 11, 128, 128, 128, 128, 128);

    static void FourRows(byte* source, int stride, byte* target, int targetStride, Coefficients columns, short* split, int groups)
    {
        Vector256<byte> pairs = Pairs;
        Vector128<int> half = Vector128.Create(Half);
        int last = columns.Length - 1;
        fixed (int* firsts = columns.First, counts = columns.Count)
        {
            for (int x = 0; x <= last; x++)
            {
                byte* at = source + firsts[x] * 3;
                short* weights = split + (long)x * groups * 32;
                int used = (counts[x] + 3) / 4;
                Vector256<int> low0 = default, low1 = default, low2 = default, low3 = default;
                Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
                for (int g = 0; g < used; g++, at += 12, weights += 32)
                {
                    Vector256<short> low = Vector256.Load(weights), high = Vector256.Load(weights + 16);
                    Vector256<short> row = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at), pairs).AsInt16();
                    low0 = Avx2.Add(low0, Avx2.MultiplyAddAdjacent(row, low));
                    high0 = Avx2.Add(high0, Avx2.MultiplyAddAdjacent(row, high));
                    row = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at + stride), pairs).AsInt16();
                    low1 = Avx2.Add(low1, Avx2.MultiplyAddAdjacent(row, low));
                    high1 = Avx2.Add(high1, Avx2.MultiplyAddAdjacent(row, high));
                    row = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at + 2L * stride), pairs).AsInt16();
                    low2 = Avx2.Add(low2, Avx2.MultiplyAddAdjacent(row, low));
                    high2 = Avx2.Add(high2, Avx2.MultiplyAddAdjacent(row, high));
                    row = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at + 3L * stride), pairs).AsInt16();
                    low3 = Avx2.Add(low3, Avx2.MultiplyAddAdjacent(row, low));
                    high3 = Avx2.Add(high3, Avx2.MultiplyAddAdjacent(row, high));
                }
                Vector128<short> one = Sse2.PackSignedSaturate(Finish(low0, high0, half), Finish(low1, high1, half));
                Vector128<short> two = Sse2.PackSignedSaturate(Finish(low2, high2, half), Finish(low3, high3, half));
                Vector128<uint> bytes = Sse2.PackUnsignedSaturate(one, two).AsUInt32();
                byte* to = target + x * 3;
                if (x < last)
                {
                    // four bytes each: the fourth is overwritten by the next pixel
                    Unsafe.WriteUnaligned(to, bytes.GetElement(0));
                    Unsafe.WriteUnaligned(to + targetStride, bytes.GetElement(1));
                    Unsafe.WriteUnaligned(to + 2L * targetStride, bytes.GetElement(2));
                    Unsafe.WriteUnaligned(to + 3L * targetStride, bytes.GetElement(3));
                }
                else
                {
                    for (int row = 0; row < 4; row++) Put(to + (long)row * targetStride, bytes.GetElement(row));
                }
            }
        }
    }

    static void OneRow(byte* source, byte* target, Coefficients columns, short* split, int groups)
    {
        Vector256<byte> pairs = Pairs;
        Vector128<int> half = Vector128.Create(Half);
        for (int x = 0; x < columns.Length; x++)
        {
            byte* at = source + columns.First[x] * 3;
            short* weights = split + (long)x * groups * 32;
            int used = (columns.Count[x] + 3) / 4;
            Vector256<int> low = default, high = default;
            for (int g = 0; g < used; g++, at += 12, weights += 32)
            {
                Vector256<short> row = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at), pairs).AsInt16();
                low = Avx2.Add(low, Avx2.MultiplyAddAdjacent(row, Vector256.Load(weights)));
                high = Avx2.Add(high, Avx2.MultiplyAddAdjacent(row, Vector256.Load(weights + 16)));
            }
            Vector128<short> words = Sse2.PackSignedSaturate(Finish(low, high, half), Vector128<int>.Zero);
            Put(target + x * 3, Sse2.PackUnsignedSaturate(words, words).AsUInt32().GetElement(0));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Finish(Vector256<int> low, Vector256<int> high, Vector128<int> half)
    {
        Vector256<int> sum = low + Vector256.ShiftLeft(high, SplitBits);
        return Vector128.ShiftRightArithmetic(sum.GetLower() + sum.GetUpper() + half, Coefficients.PrecisionBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(byte* to, uint rgb)
    {
        to[0] = (byte)rgb;
        to[1] = (byte)(rgb >> 8);
        to[2] = (byte)(rgb >> 16);
    }

    static void PlainRow(byte* source, byte* target, Coefficients columns)
    {
        for (int x = 0; x < columns.Length; x++, target += 3)
        {
            byte* at = source + columns.First[x] * 3L;
            ReadOnlySpan<int> weights = columns.Weights.AsSpan(x * columns.Stride, columns.Count[x]);
            int red = Half, green = Half, blue = Half;
            foreach (int weight in weights)
            {
                red += at[0] * weight;
                green += at[1] * weight;
                blue += at[2] * weight;
                at += 3;
            }
            target[0] = Clip(red);
            target[1] = Clip(green);
            target[2] = Clip(blue);
        }
    }

    static byte Clip(int sum) => (byte)Math.Clamp(sum >> Coefficients.PrecisionBits, 0, 255);

    // ---- vertical ----

    /// <summary>The source's first row is row <paramref name="offset"/> of the axis that the coefficients speak of.</summary>
    static void Vertical(byte* source, int stride, int offset, byte* target, int targetStride, int rowBytes, Coefficients rows)
    {
        for (int y = 0; y < rows.Length; y++)
        {
            byte* from = source + (rows.First[y] - offset) * (long)stride;
            ReadOnlySpan<int> weights = rows.Weights.AsSpan(y * rows.Stride, rows.Count[y]);
            byte* to = target + (long)y * targetStride;
            if (UseVectors && rowBytes >= 16)
            {
                fixed (int* w = weights)
                {
                    int x = 0;
                    for (; x + 32 <= rowBytes; x += 32) Column32(from + x, stride, to + x, w, weights.Length);
                    for (; x + 16 <= rowBytes; x += 16) Column16(from + x, stride, to + x, w, weights.Length);
                    if (x < rowBytes) Column16(from + rowBytes - 16, stride, to + rowBytes - 16, w, weights.Length);
                }
            }
            else
            {
                PlainColumn(from, stride, to, rowBytes, weights);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column32(byte* from, int stride, byte* to, int* weights, int count)
    {
        Vector256<int> low0 = Vector256.Create(Half), low1 = low0, low2 = low0, low3 = low0;
        Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
        for (int k = 0; k < count; k += 2)
        {
            // an odd last row is paired with itself at weight zero
            int one = weights[k], two = k + 1 < count ? weights[k + 1] : 0;
            byte* next = k + 1 < count ? from + stride : from;
            Vector256<short> low = Vector256.Create(Low(one, two)).AsInt16(), high = Vector256.Create(High(one, two)).AsInt16();
            Vector256<short> a = Avx2.ConvertToVector256Int16(from), b = Avx2.ConvertToVector256Int16(next);
            Vector256<short> pair = Avx2.UnpackLow(a, b);
            low0 = Avx2.Add(low0, Avx2.MultiplyAddAdjacent(pair, low));
            high0 = Avx2.Add(high0, Avx2.MultiplyAddAdjacent(pair, high));
            pair = Avx2.UnpackHigh(a, b);
            low1 = Avx2.Add(low1, Avx2.MultiplyAddAdjacent(pair, low));
            high1 = Avx2.Add(high1, Avx2.MultiplyAddAdjacent(pair, high));
            a = Avx2.ConvertToVector256Int16(from + 16);
            b = Avx2.ConvertToVector256Int16(next + 16);
            pair = Avx2.UnpackLow(a, b);
            low2 = Avx2.Add(low2, Avx2.MultiplyAddAdjacent(pair, low));
            high2 = Avx2.Add(high2, Avx2.MultiplyAddAdjacent(pair, high));
            pair = Avx2.UnpackHigh(a, b);
            low3 = Avx2.Add(low3, Avx2.MultiplyAddAdjacent(pair, low));
            high3 = Avx2.Add(high3, Avx2.MultiplyAddAdjacent(pair, high));
            from += 2L * stride;
        }
        Store16(to, low0, high0, low1, high1);
        Store16(to + 16, low2, high2, low3, high3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column16(byte* from, int stride, byte* to, int* weights, int count)
    {
        Vector256<int> low0 = Vector256.Create(Half), low1 = low0;
        Vector256<int> high0 = default, high1 = default;
        for (int k = 0; k < count; k += 2)
        {
            int one = weights[k], two = k + 1 < count ? weights[k + 1] : 0;
            byte* next = k + 1 < count ? from + stride : from;
            Vector256<short> low = Vector256.Create(Low(one, two)).AsInt16(), high = Vector256.Create(High(one, two)).AsInt16();
            Vector256<short> a = Avx2.ConvertToVector256Int16(from), b = Avx2.ConvertToVector256Int16(next);
            Vector256<short> pair = Avx2.UnpackLow(a, b);
            low0 = Avx2.Add(low0, Avx2.MultiplyAddAdjacent(pair, low));
            high0 = Avx2.Add(high0, Avx2.MultiplyAddAdjacent(pair, high));
            pair = Avx2.UnpackHigh(a, b);
            low1 = Avx2.Add(low1, Avx2.MultiplyAddAdjacent(pair, low));
            high1 = Avx2.Add(high1, Avx2.MultiplyAddAdjacent(pair, high));
            from += 2L * stride;
        }
        Store16(to, low0, high0, low1, high1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store16(byte* to, Vector256<int> low0, Vector256<int> high0, Vector256<int> low1, Vector256<int> high1)
    {
        Vector256<int> one = Vector256.ShiftRightArithmetic(
            low0 + Vector256.ShiftLeft(high0, SplitBits), Coefficients.PrecisionBits);
        Vector256<int> two = Vector256.ShiftRightArithmetic(
            low1 + Vector256.ShiftLeft(high1, SplitBits), Coefficients.PrecisionBits);
        Vector256<short> words = Avx2.PackSignedSaturate(one, two); // undoes the unpacking, lane by lane
        Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()).Store(to);
    }

    static void PlainColumn(byte* from, int stride, byte* to, int rowBytes, ReadOnlySpan<int> weights)
    {
        for (int x = 0; x < rowBytes; x++)
        {
            int sum = Half;
            byte* at = from + x;
            foreach (int weight in weights)
            {
                sum += *at * weight;
                at += stride;
            }
            to[x] = Clip(sum);
        }
    }
}
