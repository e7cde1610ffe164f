using System.Numerics;

namespace Graft.Demo;

/// <summary>
/// How much of each pixel lies within an outline: the anti-aliased rasteriser of the demo. Each row is cut into a few lines;
/// along a line the share of a pixel between two crossings is exact.
/// </summary>
sealed class Coverage(int size)
{
    const int LinesPerRow = 4;

    readonly float[] shares = new float[size * size];
    readonly List<float> crossings = [];

    /// <summary>The share of pixel (x, y), in [0, 1], at y * size + x.</summary>
    public ReadOnlySpan<float> Shares => shares;

    /// <summary>Fills the inside of the outlines, in pixels, by the even-odd rule.</summary>
    public void Fill(IReadOnlyList<Vector2[]> outlines)
    {
        Array.Clear(shares);
        for (int line = 0; line < size * LinesPerRow; line++)
        {
            float y = (line + 0.5f) / LinesPerRow;
            FindCrossings(outlines, y);
            Span<float> row = shares.AsSpan(line / LinesPerRow * size, size);
            for (int i = 0; i + 1 < crossings.Count; i += 2) AddSpan(row, crossings[i], crossings[i + 1]);
        }
    }

    void FindCrossings(IReadOnlyList<Vector2[]> outlines, float y)
    {
        crossings.Clear();
        foreach (Vector2[] points in outlines)
        {
            Vector2 from = points[^1];
            foreach (Vector2 to in points)
            {
                if (from.Y <= y != to.Y <= y) crossings.Add(from.X + (y - from.Y) / (to.Y - from.Y) * (to.X - from.X));
                from = to;
            }
        }
        crossings.Sort();
    }

    void AddSpan(Span<float> row, float start, float end)
    {
        start = Math.Clamp(start, 0, size);
        end = Math.Clamp(end, 0, size);
        int last = Math.Min(size - 1, (int)end);
        for (int x = (int)start; x <= last; x++)
        {
            float share = Math.Min(end, x + 1) - Math.Max(start, x);
            if (share > 0) row[x] = Math.Min(1, row[x] + share / LinesPerRow);
        }
    }
}
