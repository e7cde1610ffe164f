using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Classification;

/// <summary>
/// Weighs each channel by what its neighbours say: pool, one small convolution over the channels, sigmoid. Wang et al. 2019
/// (ECA-Net), arXiv:1910.03151. Names as timm's.
/// </summary>
sealed class EfficientChannelAttention : Module
{
    static readonly long[] spatial = [2, 3], ones = [1, 1];
    readonly Parameter weight;
    readonly int kernel;

    public EfficientChannelAttention(ModulePath at, int channels) : base(at)
    {
        kernel = KernelOf(channels);
        weight = at.Weight("conv.weight", 1, 1, kernel);
    }

    /// <summary>The window's side, odd, that grows with the logarithm of the channels.</summary>
    public static int KernelOf(int channels)
    {
        int side = (int)(Math.Abs(Math.Log2(channels) + 1) / 2);
        return Math.Max(3, side % 2 == 1 ? side : side + 1);
    }

    protected override Tensor Compute(Tensor x)
    {
        using var scope = new TensorScope();
        Tensor pooled = Precision.Full(x).Value.Mean(spatial).Reshape(x.Size(0), 1, 1, -1); // [N, 1, 1, C]
        Tensor mixed = pooled.Conv2d(weight.Value.Reshape(1, 1, 1, kernel), null, ones, [0, (kernel - 1) / 2], ones);
        return scope.Keep(x * mixed.Reshape(x.Size(0), -1, 1, 1).Sigmoid_().To(x.DType));
    }

    public override void ResetParameters(Initializer init) => init.UniformFanIn(weight, kernel);
}
