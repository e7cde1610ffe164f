namespace Graft.Models;

/// <summary>How much each region of an image counts, on a coarse grid over what the network saw.</summary>
/// <param name="Method">how it was found out</param>
/// <param name="Rows">rows of regions, h</param>
/// <param name="Columns">columns of regions, w</param>
/// <param name="Values"><c>[h, w]</c>, row by row, none below 0; in the method's own unit</param>
public sealed record Heatmap(ExplainMethod Method, int Rows, int Columns, IReadOnlyList<float> Values)
{
    /// <summary>Whether no region counts: nothing of the map speaks for the class.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (float value in Values)
                if (value > 0) return false;
            return true;
        }
    }

    /// <summary>
    /// The values in [0, 1], 1 being the region that counts most. Of <see cref="ExplainMethod.GradCam"/> a 0 stays 0; of
    /// <see cref="ExplainMethod.Rollout"/>, where every region counts a little, 0 is the one that counts least.
    /// </summary>
    public float[] Scaled()
    {
        float low = float.PositiveInfinity, high = 0;
        foreach (float value in Values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (Method == ExplainMethod.GradCam) low = 0;
        float[] scaled = new float[Values.Count];
        if (high <= low) return scaled;
        for (int i = 0; i < scaled.Length; i++) scaled[i] = (Values[i] - low) / (high - low);
        return scaled;
    }

    /// <summary>
    /// <see cref="Scaled"/> brought to the size of an image, bilinearly between the regions' centres (PyTorch's
    /// <c>interpolate</c> without <c>align_corners</c>): <c>[height, width]</c>, row by row.
    /// </summary>
    public float[] Resized(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        float[] from = Scaled(), result = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            (int above, int below, float down) = Between(y, height, Rows);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, float across) = Between(x, width, Columns);
                float upper = from[above * Columns + left] * (1 - across) + from[above * Columns + right] * across;
                float lower = from[below * Columns + left] * (1 - across) + from[below * Columns + right] * across;
                result[y * width + x] = upper * (1 - down) + lower * down;
            }
        }
        return result;
    }

    static (int First, int Second, float Share) Between(int at, int size, int regions)
    {
        float place = Math.Max(0, (at + 0.5f) * regions / size - 0.5f);
        int first = Math.Min((int)place, regions - 1);
        return (first, Math.Min(first + 1, regions - 1), place - first);
    }
}
