using Graft.Torch;

namespace Graft.Nn.Tests;

/// <summary>Comparisons of tensors.</summary>
static class Close
{
    /// <summary>The largest absolute difference is at most that share of the largest expected value.</summary>
    public static void To(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        float[] wanted = expected.ToArray<float>(), came = actual.ToArray<float>();
        double scale = Math.Max(wanted.Max(Math.Abs), 1e-6), worst = 0;
        for (int i = 0; i < wanted.Length; i++)
            worst = Math.Max(worst, double.IsNaN(came[i]) ? double.PositiveInfinity : Math.Abs(wanted[i] - came[i]));
        Assert.True(worst <= tolerance * scale, $"{what}: off by {worst:g3} where the largest value is {scale:g3}");
    }
}
