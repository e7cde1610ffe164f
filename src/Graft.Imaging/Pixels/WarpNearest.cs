using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Graft.Imaging.Pixels;

/// <summary>
/// Affine maps without a filter, by Pillow's own arithmetic: whole rows where nothing turns, else 16.16 fixed point from pixel to
/// pixel, or doubles where that would overflow.
/// </summary>
static unsafe class WarpNearest
{
    public static void Affine(Image source, Image target, in AffineMatrix m, RgbColor fill)
    {
        if (m.B == 0 && m.D == 0) Scale(source, target, m, fill);
        else if (Fits(m, 0, 0) && Fits(m, target.Width, target.Height) && Fits(m, 0, target.Height) && Fits(m, target.Width, 0))
            Fixed(source, target, m, fill);
        else Double(source, target, m, fill);
    }

    static bool Fits(in AffineMatrix m, int x, int y) =>
        Math.Abs(x * m.A + y * m.B + m.C) < 32768 && Math.Abs(x * m.D + y * m.E + m.F) < 32768;

    static int Coordinate(double value) => value < 0 ? -1 : value < int.MaxValue ? (int)value : int.MaxValue;

    // ---- no turning: a table of columns serves every row ----

    static void Scale(Image source, Image target, in AffineMatrix m, RgbColor fill)
    {
        int[] columns = System.Buffers.ArrayPool<int>.Shared.Rent(target.Width);
        int from = target.Width, to = 0;
        bool adjacent = true;
        double x = m.C + m.A * 0.5, y = m.F + m.E * 0.5;
        for (int i = 0; i < target.Width; i++, x += m.A)
        {
            int column = Coordinate(x);
            columns[i] = column;
            if (column < 0 || column >= source.Width) continue;
            from = Math.Min(from, i);
            to = i + 1;
            adjacent &= column == columns[from] + i - from;
        }
        for (int row = 0; row < target.Height; row++, y += m.E)
        {
            int at = Coordinate(y);
            Span<byte> result = target.Row(row);
            if (at < 0 || at >= source.Height || from >= to)
            {
                Image.Fill(result, fill.Red, fill.Green, fill.Blue);
                continue;
            }
            ReadOnlySpan<byte> pixels = source.Row(at);
            Image.Fill(result[..(from * 3)], fill.Red, fill.Green, fill.Blue);
            if (adjacent) pixels.Slice(columns[from] * 3, (to - from) * 3).CopyTo(result[(from * 3)..]);
            else
                for (int i = from; i < to; i++) pixels.Slice(columns[i] * 3, 3).CopyTo(result[(i * 3)..]);
            Image.Fill(result[(to * 3)..], fill.Red, fill.Green, fill.Blue);
        }
        System.Buffers.ArrayPool<int>.Shared.Return(columns);
    }

    // ---- fixed point ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Fixed(Image source, Image target, in AffineMatrix m, RgbColor fill)
    {
        int stepX = Fix(m.A), stepY = Fix(m.D);
        long rowX = Fix(m.C + m.A * 0.5 + m.B * 0.5), rowY = Fix(m.F + m.D * 0.5 + m.E * 0.5);
        long acrossX = Fix(m.B), acrossY = Fix(m.E);
        int stride = source.Width * 3;
        // A pixel is read as four bytes, of which one may lie behind the image.
        bool vectors = Avx2.IsSupported && source.Pixels.Length > source.Rgb.Length;
        fixed (byte* pixels = source.Pixels, results = target.Pixels)
        {
            for (int y = 0; y < target.Height; y++, rowX += acrossX, rowY += acrossY)
            {
                (int from, int to) = Inside(rowX, stepX, source.Width, 0, target.Width);
                (from, to) = Inside(rowY, stepY, source.Height, from, to);
                Span<byte> row = target.Row(y);
                Image.Fill(row[..(from * 3)], fill.Red, fill.Green, fill.Blue);
                int xx = (int)(rowX + (long)from * stepX), yy = (int)(rowY + (long)from * stepY), x = from;
                byte* result = results + (long)y * target.Width * 3 + from * 3;
                if (vectors)
                {
                    Vector256<int> vx = Vector256.Create(xx) + Vector256<int>.Indices * stepX;
                    Vector256<int> vy = Vector256.Create(yy) + Vector256<int>.Indices * stepY;
                    // what is stored behind the range or the row is written again by the filling, or by the next row
                    for (; x + 8 <= to; x += 8, result += 24)
                    {
                        Vector256<int> at = (vy >> 16) * stride + (vx >> 16) * 3;
                        Store8(Avx2.GatherVector256((int*)pixels, at, 1), result);
                        vx += Vector256.Create(stepX * 8);
                        vy += Vector256.Create(stepY * 8);
                    }
                    xx += (x - from) * stepX;
                    yy += (x - from) * stepY;
                }
                for (; x < to; x++, result += 3, xx += stepX, yy += stepY)
                {
                    byte* pixel = pixels + (long)(yy >> 16) * stride + (xx >> 16) * 3;
                    result[0] = pixel[0];
                    result[1] = pixel[1];
                    result[2] = pixel[2];
                }
                Image.Fill(row[(to * 3)..], fill.Red, fill.Green, fill.Blue);
            }
        }
    }

    /// <summary>Which of the pixels from .. to have start + x step in 0 .. size x 65536 - 1.</summary>
    static (int From, int To) Inside(long start, int step, int size, int from, int to)
    {
        // beyond 32767 the fixed point wraps around to negative, which is outside
        long limit = Math.Min((long)size << 16, 1L << 31);
        if (step == 0) return start >= 0 && start < limit ? (from, to) : (from, from);
        // the first x at or above a bound, whichever way the line runs
        long enter = step > 0 ? CeilingDivide(-start, step) : CeilingDivide(start - limit + 1, -(long)step);
        long leave = step > 0 ? CeilingDivide(limit - start, step) : CeilingDivide(start + 1, -(long)step);
        int first = (int)Math.Clamp(enter, from, to);
        return (first, (int)Math.Clamp(leave, first, to));
    }

    static long CeilingDivide(long value, long by) => value >= 0 ? (value + by - 1) / by : -(-value / by);

    static int Fix(double value)
    {
        value = value * 65536.0 + 0.5;
        return value < 0 ? (int)Math.Floor(value) : (int)value;
    }

    // ---- doubles ----

    static void Double(Image source, Image target, in AffineMatrix m, RgbColor fill)
    {
        double rowX = m.C + m.B * 0.5 + m.A * 0.5, rowY = m.F + m.E * 0.5 + m.D * 0.5;
        for (int y = 0; y < target.Height; y++, rowX += m.B, rowY += m.E)
        {
            double xx = rowX, yy = rowY;
            Span<byte> row = target.Row(y);
            Image.Fill(row, fill.Red, fill.Green, fill.Blue);
            for (int x = 0; x < target.Width; x++, xx += m.A, yy += m.D)
            {
                int column = Coordinate(xx), line = Coordinate(yy);
                if (column >= 0 && column < source.Width && line >= 0 && line < source.Height)
                    source.Row(line).Slice(column * 3, 3).CopyTo(row[(x * 3)..]);
            }
        }
    }

    /// <summary>Writes eight pixels, each the low three bytes of a word, as 24 bytes and four more of no meaning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store8(Vector256<int> words, byte* to)
    {
        Vector256<byte> packed = Avx2.Shuffle(words.AsByte(), Vector256.Create(
            (byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128,
            0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 128, 128, 128, 128));
        packed.GetLower().Store(to);
        packed.GetUpper().Store(to + 12);
    }
}
