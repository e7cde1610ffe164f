using System.Buffers;

namespace Graft.Imaging.Resizing;

/// <summary>Pillow's nearest: the source coordinate is summed up step by step in double and truncated.</summary>
static class NearestResampler
{
    public static unsafe void Run(
        Plane source, Span<byte> target, int windowWidth, int windowHeight, int width, int height,
        (float Left, float Top, float Right, float Bottom) box, int x0, int y0)
    {
        int[] columns = ArrayPool<int>.Shared.Rent(windowWidth);
        int[] rows = ArrayPool<int>.Shared.Rent(windowHeight);
        Coordinates(columns.AsSpan(0, windowWidth), box.Left, box.Right, width, source.Width, x0, source.Width == width);
        Coordinates(rows.AsSpan(0, windowHeight), box.Top, box.Bottom, height, source.Height, y0, source.Height == height);
        fixed (byte* pixels = source.Bytes, first = target)
        fixed (int* offsets = columns)
        {
            for (int x = 0; x < windowWidth; x++) offsets[x] *= 3;
            byte* to = first;
            for (int y = 0; y < windowHeight; y++)
            {
                byte* from = pixels + (long)rows[y] * source.Stride;
                for (int x = 0; x < windowWidth; x++, to += 3)
                {
                    byte* pixel = from + offsets[x];
                    (to[0], to[1], to[2]) = (pixel[0], pixel[1], pixel[2]);
                }
            }
        }
        ArrayPool<int>.Shared.Return(columns);
        ArrayPool<int>.Shared.Return(rows);
    }

    /// <summary>Which pixel of the source each pixel of the window shows.</summary>
    public static void Coordinates(Span<int> table, float from, float to, int size, int limit, int first, bool same)
    {
        if (same && from == 0 && to == limit)
        {
            for (int i = 0; i < table.Length; i++) table[i] = first + i;
            return;
        }
        double step = (double)(to - from) / size;
        double at = from + step * 0.5;
        for (int i = 0; i < first; i++) at += step;
        for (int i = 0; i < table.Length; i++, at += step) table[i] = Math.Min((int)at, limit - 1);
    }
}
