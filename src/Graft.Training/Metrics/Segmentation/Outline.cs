namespace Graft.Training;

/// <summary>The outline of one class in one image.</summary>
sealed class Outline(int height, int width)
{
    readonly List<int> pixels = [];
    readonly int[] reach = new int[height * width]; // rows up or down to the nearest pixel of the outline; too far: radius + 1

    /// <summary>How many pixels it has.</summary>
    public int Length => pixels.Count;

    /// <summary>Draws the outline of a class in a map of classes <c>[H, W]</c>.</summary>
    /// <param name="map">the classes</param>
    /// <param name="truth">negative where pixels do not count</param>
    /// <param name="label">the class</param>
    /// <param name="radius">how far it will be looked for</param>
    public void Draw(ReadOnlySpan<long> map, ReadOnlySpan<long> truth, int label, int radius)
    {
        pixels.Clear();
        Array.Fill(reach, radius + 1);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int at = y * width + x;
                if (truth[at] < 0) continue;
                bool inside = map[at] == label, right = x + 1 < width, below = y + 1 < height;
                if ((right && Parts(map, truth, at + 1, label, inside)) ||
                    (below && Parts(map, truth, at + width, label, inside)) ||
                    (right && below && Parts(map, truth, at + width + 1, label, inside)))
                {
                    pixels.Add(at);
                    reach[at] = 0;
                }
            }
        Spread();
    }

    /// <summary>How many of its pixels have one of another outline within a Euclidean distance.</summary>
    public long CountNear(Outline other, int radius)
    {
        long near = 0;
        foreach (int at in pixels)
        {
            int y = at / width, x = at % width;
            for (int dx = -Math.Min(radius, x); dx <= Math.Min(radius, width - 1 - x); dx++)
            {
                int dy = other.reach[y * width + x + dx];
                if (dx * dx + dy * dy > radius * radius) continue;
                near++;
                break;
            }
        }
        return near;
    }

    static bool Parts(ReadOnlySpan<long> map, ReadOnlySpan<long> truth, int at, int label, bool inside) =>
        truth[at] >= 0 && (map[at] == label) != inside;

    // down, then up
    void Spread()
    {
        for (int at = width; at < reach.Length; at++) reach[at] = Math.Min(reach[at], reach[at - width] + 1);
        for (int at = reach.Length - width - 1; at >= 0; at--) reach[at] = Math.Min(reach[at], reach[at + width] + 1);
    }
}
