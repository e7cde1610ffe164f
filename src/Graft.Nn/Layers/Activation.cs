using Graft.Torch;

namespace Graft.Nn;

/// <summary>An elementwise nonlinearity.</summary>
public sealed class Activation(ModulePath at, ActivationKind kind) : Module(at)
{
    /// <summary>Which one.</summary>
    public ActivationKind Function => kind;

    /// <summary>PyTorch's name for it.</summary>
    public override string Kind => NameOf(kind);

    /// <summary>PyTorch's name for a kind of activation.</summary>
    public static string NameOf(ActivationKind kind) => kind switch
    {
        ActivationKind.None => "Identity",
        ActivationKind.Relu => "ReLU",
        ActivationKind.Relu6 => "ReLU6",
        ActivationKind.Gelu or ActivationKind.GeluTanh => "GELU",
        ActivationKind.QuickGelu => "QuickGELU",
        ActivationKind.Silu => "SiLU",
        ActivationKind.Elu => "ELU",
        ActivationKind.LeakyRelu => "LeakyReLU",
        _ => kind.ToString(),
    };

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => Apply(kind, x);

    /// <summary>The activation of x, as a new tensor; x itself for <see cref="ActivationKind.None"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static Tensor Apply(ActivationKind kind, Tensor x) => kind switch
    {
        ActivationKind.None => x,
        ActivationKind.Relu => x.Relu(),
        ActivationKind.Relu6 => IsNarrowAndRecorded(x) ? WideRelu6(x) : x.Relu6(),
        ActivationKind.Gelu => x.Gelu(),
        ActivationKind.GeluTanh => x.Gelu(tanh: true),
        ActivationKind.QuickGelu => QuickGelu(x),
        ActivationKind.Silu => IsNarrowAndRecorded(x) ? ProductSilu(x) : x.Silu(),
        ActivationKind.Hardswish => x.Hardswish(),
        ActivationKind.Hardsigmoid => x.Hardsigmoid(),
        ActivationKind.Sigmoid => x.Sigmoid(),
        ActivationKind.Tanh => x.Tanh(),
        ActivationKind.Elu => x.Elu(),
        ActivationKind.LeakyRelu => x.LeakyRelu(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"expected a kind of activation, came {(int)kind}"),
    };

    /// <summary>
    /// The activation of a temporary that nobody else needs: computed in place where that saves memory, else x is freed. What
    /// made x must not need its output for its own gradient: normalisations, convolutions, linear layers and sums don't.
    /// </summary>
    public static Tensor ApplyTo(ActivationKind kind, Tensor x)
    {
        switch (kind)
        {
            case ActivationKind.None: return x;
            case ActivationKind.Relu: return x.Relu_();
            case ActivationKind.Relu6 when !IsNarrowAndRecorded(x): return x.Relu6_();
            case ActivationKind.Sigmoid: return x.Sigmoid_();
        }
        if (!Autograd.IsEnabled || !x.RequiresGrad) // else libtorch would keep a copy of x
        {
            switch (kind)
            {
                case ActivationKind.Gelu: return x.Gelu_();
                case ActivationKind.GeluTanh: return x.Gelu_(tanh: true);
                case ActivationKind.Silu: return x.Silu_();
                case ActivationKind.Hardswish: return x.Hardswish_();
                case ActivationKind.Hardsigmoid: return x.Hardsigmoid_();
            }
        }
        Tensor y = Apply(kind, x);
        x.Dispose();
        return y;
    }

    static bool IsNarrowAndRecorded(Tensor x) => Precision.IsNarrow(x) && x.Device.IsCpu && Autograd.IsEnabled && x.RequiresGrad;

    // libtorch 1.13 has no gradient of it in bfloat16 on CPUs; what follows is a convolution that wants float32 there
    static Tensor WideRelu6(Tensor x) => x.To(DType.Float32).Relu6_();

    // on CPUs, twice as fast in bfloat16 as libtorch's own
    static Tensor ProductSilu(Tensor x)
    {
        using Tensor gate = x.Sigmoid();
        return x * gate;
    }

    static Tensor QuickGelu(Tensor x)
    {
        using Tensor scaled = x * 1.702;
        using Tensor gate = scaled.Sigmoid();
        return x * gate;
    }
}
