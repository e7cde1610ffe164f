using Graft.Nn;
using Graft.Torch;

namespace Graft.Models.Segmentation;

/// <summary>
/// The mean of each channel over the map, 1 x 1, and spread over the map again. A batch of one image has one value for each
/// channel, which is no batch to normalise by (PyTorch refuses it): then the running statistics are taken, and stay.
/// </summary>
/// <param name="at">where it stands</param>
/// <param name="conv">the convolution's name</param>
/// <param name="norm">the normalisation's</param>
/// <param name="inputs">C</param>
/// <param name="channels">O</param>
sealed class PooledBranch(ModulePath at, string conv, string norm, int inputs, int channels) : Module(at)
{
    static readonly long[] spatial = [2, 3];
    readonly ConvNorm layer = new(at, conv, norm, inputs, channels, kernel: 1, activation: ActivationKind.Relu);

    public override string Kind => "ASPPPooling";

    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Full(x);
        using Tensor mean = input.Value.Mean(spatial, keepDimension: true); // [N, C, 1, 1]
        Report("0", "AdaptiveAvgPool2d", x, mean);
        bool keeps = layer.Norm.KeepsStatistics;
        layer.Norm.KeepsStatistics = keeps || x.Size(0) == 1;
        try
        {
            using Tensor one = layer.Forward(mean); // [N, O, 1, 1]
            return one.Expand(-1, -1, x.Size(2), x.Size(3)); // [N, O, h, w]
        }
        finally
        {
            layer.Norm.KeepsStatistics = keeps;
        }
    }
}
