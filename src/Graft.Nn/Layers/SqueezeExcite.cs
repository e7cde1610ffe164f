using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Weighs each channel by what all pixels say: pool, two 1x1 convolutions, gate. <c>[N, C, H, W]</c> to the same. Hu et al. 2018,
/// arXiv:1709.01507.
/// </summary>
public sealed class SqueezeExcite : Module
{
    static readonly long[] spatial = [2, 3];
    readonly Conv2d reduce, expand;
    readonly ActivationKind activation, gate;

    /// <summary>A squeeze-and-excitation at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="channels">C</param>
    /// <param name="squeezed">channels in between</param>
    /// <param name="activation">after the first convolution: ReLU in the paper and MobileNetV3, SiLU in EfficientNet</param>
    /// <param name="gate">after the second: sigmoid; hard sigmoid in MobileNetV3</param>
    /// <param name="reduce">the first convolution's name: torchvision's <c>fc1</c>; timm's is <c>conv_reduce</c></param>
    /// <param name="expand">the second's: torchvision's <c>fc2</c>; timm's is <c>conv_expand</c></param>
    public SqueezeExcite(
        ModulePath at, int channels, int squeezed, ActivationKind activation = ActivationKind.Relu,
        ActivationKind gate = ActivationKind.Sigmoid, string reduce = "fc1", string expand = "fc2") : base(at)
    {
        this.activation = activation;
        this.gate = gate;
        this.reduce = new Conv2d(at / reduce, channels, squeezed, kernel: 1);
        this.expand = new Conv2d(at / expand, squeezed, channels, kernel: 1);
    }

    /// <summary>
    /// Weighs a temporary that nobody else needs: in place where no gradient is taken and nobody watches, else x is freed.
    /// </summary>
    public Tensor Weigh(Tensor x)
    {
        if (Autograd.IsEnabled || IsObserved)
        {
            Tensor weighed = Forward(x);
            x.Dispose();
            return weighed;
        }
        using Tensor gates = Gates(x);
        return x.Mul_(gates);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Tensor gates = Gates(x);
        return x * gates;
    }

    /// <summary>What each channel is multiplied by, <c>[N, C, 1, 1]</c>.</summary>
    Tensor Gates(Tensor x)
    {
        using Cast input = Precision.Full(x);
        using Tensor squeezed = input.Value.Mean(spatial, keepDimension: true); // [N, C, 1, 1]
        using Tensor hidden = Activation.ApplyTo(activation, reduce.Forward(squeezed)); // [N, squeezed, 1, 1]
        return Activation.ApplyTo(gate, expand.Forward(hidden));
    }
}
