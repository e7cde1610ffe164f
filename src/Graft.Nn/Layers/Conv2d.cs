using Graft.Torch;

namespace Graft.Nn;

/// <summary>Two-dimensional convolution, <c>[N, C, H, W]</c> to <c>[N, O, H', W']</c>, with PyTorch's names.</summary>
public sealed class Conv2d : Module, IAdaptable
{
    readonly Parameter weight;
    readonly Parameter? bias;
    readonly long[] stride, pad, dilation;
    readonly Padding padding;

    /// <summary>A convolution at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="inputs">C</param>
    /// <param name="outputs">O</param>
    /// <param name="kernel">both sides of the window</param>
    /// <param name="stride">both steps</param>
    /// <param name="padding">
    /// zeros on each side, or <see cref="Padding.Same"/>; null: what keeps the size for an odd kernel, none for an even one
    /// </param>
    /// <param name="dilation">both spacings</param>
    /// <param name="groups">1, or a divisor of both C and O</param>
    /// <param name="bias">whether a bias is added</param>
    public Conv2d(
        ModulePath at, int inputs, int outputs, int kernel, int stride = 1, Padding? padding = null, int dilation = 1,
        int groups = 1, bool bias = true) : base(at)
    {
        this.padding = padding ?? Padding.Of(kernel % 2 == 1 ? dilation * (kernel - 1) / 2 : 0);
        this.stride = [stride, stride];
        this.dilation = [dilation, dilation];
        long symmetric = this.padding.Size;
        pad = [symmetric, symmetric];
        Groups = groups;
        Kernel = kernel;
        weight = at.Weight("weight", outputs, inputs / groups, kernel, kernel);
        if (bias) this.bias = at.Weight("bias", outputs);
    }

    /// <summary>Both sides of the window.</summary>
    public int Kernel { get; }

    /// <summary>How many separate groups of channels there are.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override long[]? KernelShape => [Kernel, Kernel];

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (StaysFull(x)) return InFull(x);
        using Cast input = Precision.Input(x), factors = Precision.Weight(weight), added = Precision.Weight(bias);
        Tensor y = Convolve(input.Value, factors.Value, added.OrNull);
        return Adapter is null ? y : Adapter.AddTo(y, input.Value);
    }

    /// <summary>A low-rank adapter, which only a convolution of 1 x 1 can have.</summary>
    internal LoraAdapter? Adapter { get; private set; }

    /// <summary>
    /// A depthwise convolution whose gradient is wanted: oneDNN's bfloat16 kernels for it take up to three times float32's time.
    /// </summary>
    bool StaysFull(Tensor x) => Precision.IsLow && Groups > 1 && weight.Shape[1] == 1 && x.Device.IsCpu && Autograd.IsEnabled;

    Tensor InFull(Tensor x)
    {
        using Cast input = Precision.Full(x);
        return Convolve(input.Value, weight.Value, bias?.Value);
    }

    /// <summary>Its weight, <c>[O, C / groups, kernel, kernel]</c>.</summary>
    internal Tensor Weight => weight.Value;

    /// <summary>The same convolution with other numbers.</summary>
    internal Tensor Convolve(Tensor x, Tensor weight, Tensor? bias)
    {
        if (padding.IsSymmetric) return x.Conv2d(weight, bias, stride, pad, dilation, Groups);
        (long top, long bottom) = padding.Around(x.Size(-2), Kernel, (int)stride[0], (int)dilation[0]);
        (long left, long right) = padding.Around(x.Size(-1), Kernel, (int)stride[0], (int)dilation[0]);
        if (top == bottom && left == right) return x.Conv2d(weight, bias, stride, [top, left], dilation, Groups); // no copy
        using Tensor padded = x.Pad(left, right, top, bottom);
        return padded.Conv2d(weight, bias, stride, [0, 0], dilation, Groups);
    }

    /// <summary>As PyTorch: uniform within 1 / sqrt(fan-in). Models that start otherwise say so themselves.</summary>
    public override void ResetParameters(Initializer init)
    {
        long fanIn = Initializer.FanIn(weight.Shape);
        init.UniformFanIn(weight, fanIn);
        if (bias is not null) init.UniformFanIn(bias, fanIn);
    }

    ModulePath IAdaptable.WeightPath => Path;

    Parameter? IAdaptable.AdaptableWeight => Kernel == 1 && Groups == 1 ? weight : null;

    long[]? IAdaptable.Stride => stride;

    LoraAdapter? IAdaptable.Adapter
    {
        get => Adapter;
        set => Adapter = value;
    }
}
