using Graft.Imaging;

namespace Graft.Training;

/// <summary>
/// Points spread over a space: of n points, each n-th part of every parameter's distribution holds exactly one (McKay, Beckman
/// and Conover 1979). Any of them can be had alone.
/// </summary>
static class LatinHypercube
{
    /// <summary>One of the points.</summary>
    public static double[] Point(Dimension[] dimensions, ulong seed, int number, int count)
    {
        double[] point = new double[dimensions.Length];
        for (int d = 0; d < point.Length; d++)
        {
            SampleRandom random = new(seed, 2, (ulong)d);
            int[] order = [.. Enumerable.Range(0, count)];
            for (int i = count - 1; i > 0; i--)
            {
                int other = random.Next(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }
            double within = new SampleRandom(seed, 3, (ulong)(number * point.Length + d)).NextDouble();
            point[d] = dimensions[d].Draw((order[number] + within) / count);
        }
        return point;
    }
}
