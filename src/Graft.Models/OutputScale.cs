using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// The units of a model's numbers while it learns: its head gives standardised numbers, of mean 0 and deviation 1 over the
/// training images, and they are brought into their own units behind it. In the end,
/// <see cref="ImageModel.FoldOutputScale"/> writes both into the head.
/// </summary>
/// <param name="Mean">D means</param>
/// <param name="Deviation">D deviations, above 0</param>
public sealed record OutputScale(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>The scale of some targets; a column whose numbers are all the same has deviation 1.</summary>
    /// <param name="targets">[N][D]</param>
    public static OutputScale Of(IReadOnlyList<float[]> targets)
    {
        int width = targets[0].Length;
        float[] mean = new float[width], deviation = new float[width];
        for (int d = 0; d < width; d++)
        {
            double sum = 0, squares = 0;
            foreach (float[] row in targets) sum += row[d];
            double average = sum / targets.Count;
            foreach (float[] row in targets) squares += (row[d] - average) * (row[d] - average);
            double spread = Math.Sqrt(squares / targets.Count);
            mean[d] = (float)average;
            deviation[d] = spread > 1e-6 * Math.Max(1e-6, Math.Abs(average)) ? (float)spread : 1;
        }
        return new OutputScale(mean, deviation);
    }

    /// <summary>Standardised numbers <c>[N, D]</c> in their own units, float32.</summary>
    public Tensor Apply(Tensor standardised)
    {
        using var scope = new TensorScope();
        Tensor deviation = Tensor.FromArray([.. Deviation], [Deviation.Count]).To(standardised.Device);
        Tensor mean = Tensor.FromArray([.. Mean], [Mean.Count]).To(standardised.Device);
        return scope.Keep(standardised.To(DType.Float32) * deviation + mean);
    }

    /// <summary>Numbers <c>[N, D]</c> in units of their deviations: what a loss compares, whatever the units.</summary>
    public Tensor Divide(Tensor numbers)
    {
        using var scope = new TensorScope();
        return scope.Keep(numbers / Tensor.FromArray([.. Deviation], [Deviation.Count]).To(numbers.Device));
    }
}
