namespace Graft.Training;

/// <summary>How much a share of right answers says.</summary>
public static class Proportion
{
    const double Normal95 = 1.959963984540054; // the 97.5% point of the normal distribution

    /// <summary>
    /// The 95% interval of a share, by Wilson 1927: it stays within [0, 1], and says something for few samples and for shares of
    /// 0 and 1. (0, 1) without samples.
    /// </summary>
    /// <param name="right">how many were right</param>
    /// <param name="count">of how many</param>
    public static (double Low, double High) Wilson(long right, long count)
    {
        if (count <= 0) return (0, 1);
        const double Square = Normal95 * Normal95;
        double share = (double)right / count, scale = 1 + Square / count;
        double centre = (share + Square / (2 * count)) / scale;
        double half = Normal95 / scale * Math.Sqrt(share * (1 - share) / count + Square / (4.0 * count * count));
        // rounding must not exclude a share of 0 or 1 itself
        return (right == 0 ? 0 : Math.Max(0, centre - half), right == count ? 1 : Math.Min(1, centre + half));
    }
}
