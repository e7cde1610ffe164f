using System.Text;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Tests.Segmentation;

/// <summary>
/// Weights that are drawn from their own names, as <c>tools/golden/torchvision_segmentation.py</c> draws them: so a golden file
/// needs to hold none.
/// </summary>
static class DrawnWeights
{
    /// <summary>SplitMix64 from the FNV-1a hash of a name, its top 24 bits as a number in [low, high).</summary>
    public static float[] Uniform(string name, long count, double low, double high)
    {
        ulong state = 0xCBF29CE484222325;
        foreach (byte letter in Encoding.UTF8.GetBytes(name)) state = (state ^ letter) * 0x100000001B3;
        float[] values = new float[count];
        for (long i = 0; i < count; i++)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (float)(low + (high - low) * ((z >> 40) / 16777216.0));
        }
        return values;
    }

    /// <summary>Draws all weights of a model under the names of an origin; batch counters are left alone.</summary>
    public static void Draw(ImageModel model, Origin origin)
    {
        NameMap names = model.Family.FileNames(origin, model.Config);
        using GradMode mode = Autograd.NoGrad();
        using var scope = new TensorScope();
        foreach (Parameter parameter in model.Parameters.All)
        {
            if (parameter.Value.DType != DType.Float32) continue;
            string name = Assert.Single(names.Parts(parameter.Name)).Name;
            long[] shape = model.Family.ShapeIn(origin, model.Config, parameter.Name, parameter.Shape);
            double bound = shape.Length == 4 ? Math.Sqrt(6.0 / (shape[1] * shape[2] * shape[3])) : 0;
            (double low, double high) = shape.Length == 4 ? (-bound, bound)
                : name.EndsWith("running_var") ? (0.5, 1.5)
                : name.EndsWith("weight") ? (0.4, 0.9) : (-0.2, 0.2);
            float[] values = Uniform(name, parameter.Value.ElementCount, low, high);
            parameter.Value.Copy_(Tensor.FromArray(values, parameter.Shape));
        }
    }
}
