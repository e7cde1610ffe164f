using Graft.Torch;

namespace Graft.Nn;

/// <summary>Brings maps to another size.</summary>
static class Resampler
{
    /// <summary>A map <c>[N, C, H, W]</c> as <c>[N, C, height, across]</c>.</summary>
    public static Tensor To(Tensor map, long height, long across, Resampling resampling) => resampling switch
    {
        Resampling.BicubicAntialiased => map.ResampleBicubicAntialiased(height, across),
        Resampling.BicubicAligned => map.ResampleBicubic(height, across, alignCorners: true),
        Resampling.Bilinear => map.ResampleBilinear(height, across),
        Resampling.Geometric => Geometric(map, height, across),
        _ => map.ResampleBicubic(height, across),
    };

    static Tensor Geometric(Tensor map, long height, long across)
    {
        using var scope = new TensorScope();
        Tensor rows = Weights((int)map.Size(2), (int)height).To(map.Device); // [height, H]
        Tensor columns = Weights((int)map.Size(3), (int)across).To(map.Device); // [across, W]
        return scope.Keep(rows.MatMul(map).MatMul(columns.Transpose(0, 1)));
    }

    /// <summary>What each of the new points takes from each of the old ones: <c>[target, source]</c>.</summary>
    static Tensor Weights(int source, int target)
    {
        float[] points = GeometricPoints(source, target);
        float[] weights = new float[target * source];
        for (int i = 0; i < target; i++)
        {
            float at = i - target / 2;
            int right = 0;
            while (right < source - 1 && points[right] < at) right++;
            int left = Math.Max(0, right - 1);
            float fromLeft = Math.Max(0, at - points[left]), fromRight = Math.Max(0, points[right] - at);
            if (fromLeft == 0 && fromRight == 0) fromLeft = fromRight = 1;
            weights[i * source + left] += fromRight / (fromLeft + fromRight);
            weights[i * source + right] += fromLeft / (fromLeft + fromRight);
        }
        return Tensor.FromArray(weights, [target, source]);
    }

    /// <summary>
    /// Where the old points lie among the new ones: 0 in the middle, then 1, 1 + q, 1 + q + q^2, ..., with the q by which they
    /// reach the edge. Found by halving, as BEiT's code has it.
    /// </summary>
    static float[] GeometricPoints(int source, int target)
    {
        double low = 1.01, high = 1.5, ratio = low;
        while (high - low > 1e-6)
        {
            ratio = (low + high) / 2;
            double reach = (1 - Math.Pow(ratio, source / 2)) / (1 - ratio);
            if (reach > target / 2) high = ratio;
            else low = ratio;
        }
        float[] points = new float[source];
        double distance = 1;
        for (int i = 0; i < source / 2; i++)
        {
            points[source / 2 + 1 + i] = (float)distance;
            points[source / 2 - 1 - i] = (float)-distance;
            distance += Math.Pow(ratio, i + 1);
        }
        return points;
    }
}
