using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Transposed convolution whose windows do not overlap: each pixel becomes a square of them, <c>[N, C, H, W]</c> to
/// <c>[N, O, k H, k W]</c>. With PyTorch's names. Zeiler et al. 2010, doi:10.1109/CVPR.2010.5539957.
/// </summary>
public sealed class ConvTranspose2d : Module
{
    readonly Parameter weight, bias;
    readonly int inputs;

    /// <summary>A transposed convolution at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="inputs">C</param>
    /// <param name="outputs">O</param>
    /// <param name="kernel">k: both sides of a square, and both steps</param>
    public ConvTranspose2d(ModulePath at, int inputs, int outputs, int kernel) : base(at)
    {
        this.inputs = inputs;
        Kernel = kernel;
        weight = at.Weight("weight", inputs, outputs, kernel, kernel);
        bias = at.Weight("bias", outputs);
    }

    /// <summary>k: both sides of a square.</summary>
    public int Kernel { get; }

    /// <inheritdoc/>
    public override long[]? KernelShape => [Kernel, Kernel];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (Precision.IsLow && x.Device.IsCpu) // libtorch 1.13 takes the weight's sides for each other in bfloat16 there
        {
            using Cast full = Precision.Full(x);
            return full.Value.ConvTranspose2d(weight.Value, bias.Value, [Kernel, Kernel]);
        }
        using Cast input = Precision.Input(x), factors = Precision.Weight(weight), added = Precision.Weight(bias);
        return input.Value.ConvTranspose2d(factors.Value, added.OrNull, [Kernel, Kernel]);
    }

    /// <summary>
    /// Uniform within 1 / sqrt(C): each output pixel sees one input pixel. (PyTorch's own start counts the outputs instead, by an
    /// old mistake.)
    /// </summary>
    public override void ResetParameters(Initializer init)
    {
        init.UniformFanIn(weight, inputs);
        init.UniformFanIn(bias, inputs);
    }
}
