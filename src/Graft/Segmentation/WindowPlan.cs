namespace Graft;

/// <summary>Where windows stand along one side of an image, and how much each of their pixels counts.</summary>
/// <param name="Length">of a window, in pixels: the whole side where it is shorter than the window asked for</param>
/// <param name="Starts">the first pixel of each</param>
/// <param name="Weights">of a window's pixels, in (0, 1]: falling to its ends over the overlap, so that seams are blended</param>
sealed record WindowPlan(int Length, IReadOnlyList<int> Starts, float[] Weights)
{
    /// <summary>Windows over a side; the last one ends with it.</summary>
    public static WindowPlan Of(int side, int? window, double overlap)
    {
        int length = Math.Min(side, window ?? side);
        int stride = Math.Max(1, (int)Math.Round(length * (1 - overlap)));
        List<int> starts = [];
        for (int at = 0; at + length < side; at += stride) starts.Add(at);
        starts.Add(side - length);
        var weights = new float[length];
        double ramp = Math.Max(1, length - stride);
        for (int i = 0; i < length; i++) weights[i] = (float)Math.Min(1, (Math.Min(i, length - 1 - i) + 0.5) / ramp);
        return new WindowPlan(length, starts, weights);
    }
}
