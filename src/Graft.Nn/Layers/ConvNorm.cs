using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Convolution without bias, batch normalisation, activation: the brick of convolutional nets. The three are one module, so that
/// the activation overwrites what it no longer needs, and so that the normalisation goes into the convolution's weights where
/// nothing is trained: a pass over memory less, which is a third of the time of a small net.
/// </summary>
public sealed class ConvNorm : Module
{
    readonly Conv2d conv;
    readonly BatchNorm2d norm;
    readonly ActivationKind activation;

    /// <summary>A brick whose convolution and normalisation have the names that the caller gives, below its own path.</summary>
    /// <param name="at">where it stands</param>
    /// <param name="convName">the convolution's name: <c>0</c> in torchvision's bricks, <c>conv1</c> in ResNet</param>
    /// <param name="normName">the normalisation's name: <c>1</c> in torchvision's bricks, <c>bn1</c> in ResNet</param>
    /// <param name="inputs">C</param>
    /// <param name="outputs">O</param>
    /// <param name="kernel">both sides of the window</param>
    /// <param name="stride">both steps</param>
    /// <param name="padding">as in <see cref="Conv2d"/>: by default as much as keeps the size</param>
    /// <param name="dilation">both spacings</param>
    /// <param name="groups">1, or a divisor of both C and O</param>
    /// <param name="activation">what follows the normalisation</param>
    /// <param name="eps">added to the variance</param>
    /// <param name="momentum">the new batch's share in the running statistics</param>
    public ConvNorm(
        ModulePath at, string convName, string normName, int inputs, int outputs, int kernel, int stride = 1,
        Padding? padding = null, int dilation = 1, int groups = 1, ActivationKind activation = ActivationKind.None,
        double eps = 1e-5, double momentum = 0.1)
        : base(at)
    {
        this.activation = activation;
        conv = new Conv2d(at / convName, inputs, outputs, kernel, stride, padding, dilation, groups, bias: false);
        norm = new BatchNorm2d(at / normName, outputs, eps, momentum);
    }

    /// <summary>The convolution.</summary>
    public Conv2d Conv => conv;

    /// <summary>The normalisation.</summary>
    public BatchNorm2d Norm => norm;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (!norm.UsesBatch && !Autograd.IsEnabled && !IsObserved && conv.Adapter is null)
            return Activation.ApplyTo(activation, Folded(x));
        using Tensor features = conv.Forward(x);
        Tensor y = Activation.ApplyTo(activation, norm.Forward(features));
        if (activation != ActivationKind.None) Report("act", Activation.NameOf(activation), y, y);
        return y;
    }

    /// <summary>Convolution and normalisation as one convolution with a bias.</summary>
    Tensor Folded(Tensor x)
    {
        (Tensor scale, Tensor shift) = norm.Affine();
        using Tensor bias = shift;
        using Tensor factors = scale.Reshape(-1, 1, 1, 1); // [O] -> [O, 1, 1, 1]
        scale.Dispose();
        using Tensor weight = conv.Weight * factors;
        using Cast input = Precision.Input(x), low = Precision.Input(weight), added = Precision.Input(bias);
        return conv.Convolve(input.Value, low.Value, added.Value);
    }
}
