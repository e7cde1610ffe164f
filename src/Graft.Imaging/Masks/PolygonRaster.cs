namespace Graft.Imaging;

/// <summary>
/// Which pixels a polygon has, to the pixel as pycocotools' <c>frPyObjects</c>: the outline is walked on a grid five times as
/// fine, and a column's pixels lie inside between its first and second crossing, its third and fourth, and so on.
/// </summary>
public static class PolygonRaster
{
    const int Fine = 5;

    /// <summary>Gives the pixels inside a polygon a value.</summary>
    /// <param name="mask">The mask; changed.</param>
    /// <param name="points">The corners in pixels, x and y in turn; what lies outside of the mask is left out.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">A corner lacks its y, or is no number.</exception>
    public static void Fill(IndexMask mask, ReadOnlySpan<double> points, ushort value)
    {
        if (points.Length % 2 != 0)
            throw new ArgumentException($"polygon: expected x and y in turn, found {points.Length} numbers.");
        foreach (double each in points)
            if (!(Math.Abs(each) < 1e7)) throw new ArgumentException($"polygon: expected pixels, found {each}.");
        if (points.Length < 6) return;
        List<long> crossings = Crossings(points, mask.Width, mask.Height);
        crossings.Sort();
        // positions go down the columns, one after another
        long end = (long)mask.Width * mask.Height;
        Span<ushort> values = mask.Pixels;
        for (int i = 0; i < crossings.Count; i += 2)
        {
            long to = i + 1 < crossings.Count ? crossings[i + 1] : end;
            int x = (int)(crossings[i] / mask.Height), y = (int)(crossings[i] % mask.Height);
            for (long at = crossings[i]; at < to; at++)
            {
                values[y * mask.Width + x] = value;
                if (++y == mask.Height) (x, y) = (x + 1, 0);
            }
        }
    }

    static List<long> Crossings(ReadOnlySpan<double> points, int width, int height)
    {
        int corners = points.Length / 2;
        List<long> crossings = [];
        bool started = false;
        int lastX = 0, lastY = 0;
        for (int i = 0; i < corners; i++)
        {
            int next = (i + 1) % corners;
            (int X, int Y) from = (Grid(points[2 * i]), Grid(points[2 * i + 1]));
            (int X, int Y) to = (Grid(points[2 * next]), Grid(points[2 * next + 1]));
            int across = Math.Abs(to.X - from.X), down = Math.Abs(to.Y - from.Y);
            bool flat = across >= down;
            // the line is computed from its left or upper end, whichever way it is walked
            bool backwards = flat ? from.X > to.X : from.Y > to.Y;
            if (backwards) (from, to) = (to, from);
            int steps = Math.Max(across, down);
            double slope = steps == 0 ? 0 : (double)(flat ? to.Y - from.Y : to.X - from.X) / steps;
            for (int step = 0; step <= steps; step++)
            {
                int t = backwards ? steps - step : step;
                int x = flat ? from.X + t : (int)(from.X + slope * t + 0.5);
                int y = flat ? (int)(from.Y + slope * t + 0.5) : from.Y + t;
                if (started && x != lastX) Cross(lastX, lastY, x, y, width, height, crossings);
                (started, lastX, lastY) = (true, x, y);
            }
        }
        return crossings;
    }

    // A step from one fine column to the next: if the middle of a pixel column lies between them, its pixels from there down
    // change sides.
    static void Cross(int lastX, int lastY, int x, int y, int width, int height, List<long> crossings)
    {
        double column = ((x < lastX ? x : x - 1) + 0.5) / Fine - 0.5;
        if (column != Math.Floor(column) || column < 0 || column > width - 1) return;
        double row = Math.Ceiling(Math.Clamp((Math.Min(y, lastY) + 0.5) / Fine - 0.5, 0, height));
        crossings.Add((long)column * height + (long)row);
    }

    // truncated, as a cast in C
    static int Grid(double coordinate) => (int)(Fine * coordinate + 0.5);
}
