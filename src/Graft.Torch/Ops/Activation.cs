namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator relu = new("aten::relu(Tensor self) -> Tensor");
    static readonly Operator sigmoid = new("aten::sigmoid(Tensor self) -> Tensor");
    static readonly Operator tanh = new("aten::tanh(Tensor self) -> Tensor");
    static readonly Operator silu = new("aten::silu(Tensor self) -> Tensor");
    static readonly Operator hardswish = new("aten::hardswish(Tensor self) -> Tensor");
    static readonly Operator hardsigmoid = new("aten::hardsigmoid(Tensor self) -> Tensor");
    static readonly Operator relu6 = new("aten::relu6(Tensor self) -> Tensor");
    static readonly Operator gelu = new("aten::gelu(Tensor self, *, str approximate='none') -> Tensor");
    static readonly Operator softmax = new("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");
    static readonly Operator logSoftmax = new("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor");
    static readonly Operator dropout = new("aten::dropout(Tensor input, float p, bool train) -> Tensor");
    static readonly Operator reluInPlace = new("aten::relu_(Tensor(a!) self) -> Tensor(a!)");
    static readonly Operator hardtanhInPlace = new(
        "aten::hardtanh_(Tensor(a!) self, Scalar min_val=-1, Scalar max_val=1) -> Tensor(a!)");
    static readonly Operator siluInPlace = new("aten::silu_(Tensor(a!) self) -> Tensor(a!)");
    static readonly Operator hardswishInPlace = new("aten::hardswish_(Tensor(a!) self) -> Tensor(a!)");
    static readonly Operator hardsigmoidInPlace = new("aten::hardsigmoid_(Tensor(a!) self) -> Tensor(a!)");
    static readonly Operator sigmoidInPlace = new("aten::sigmoid_(Tensor(a!) self) -> Tensor(a!)");
    static readonly Operator geluInPlace = new("aten::gelu_(Tensor(a!) self, *, str approximate='none') -> Tensor(a!)");
    static readonly Operator elu = new("aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor");
    static readonly Operator leakyRelu = new("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor");

    /// <summary>max(x, 0), elementwise.</summary>
    public Tensor Relu() => relu.Call(this);

    /// <summary>min(max(x, 0), 6), elementwise.</summary>
    public Tensor Relu6() => relu6.Call(this);

    /// <summary>1 / (1 + exp(-x)), elementwise.</summary>
    public Tensor Sigmoid() => sigmoid.Call(this);

    /// <summary>Hyperbolic tangent, elementwise.</summary>
    public Tensor Tanh() => tanh.Call(this);

    /// <summary>x * sigmoid(x), elementwise: SiLU or swish. Ramachandran et al. 2017, arXiv:1710.05941.</summary>
    public Tensor Silu() => silu.Call(this);

    /// <summary>x * relu6(x + 3) / 6, elementwise. Howard et al. 2019, arXiv:1905.02244.</summary>
    public Tensor Hardswish() => hardswish.Call(this);

    /// <summary>relu6(x + 3) / 6, elementwise. Howard et al. 2019, arXiv:1905.02244.</summary>
    public Tensor Hardsigmoid() => hardsigmoid.Call(this);

    /// <summary>max(x, 0), in place.</summary>
    public Tensor Relu_()
    {
        reluInPlace.Run(this);
        return this;
    }

    /// <summary>min(max(x, 0), 6), in place.</summary>
    public Tensor Relu6_()
    {
        hardtanhInPlace.Run(this, 0.0, 6.0);
        return this;
    }

    /// <summary>x * sigmoid(x), in place. Where gradients are recorded, libtorch keeps a copy of the input.</summary>
    public Tensor Silu_()
    {
        siluInPlace.Run(this);
        return this;
    }

    /// <summary>x * relu6(x + 3) / 6, in place. Where gradients are recorded, libtorch keeps a copy of the input.</summary>
    public Tensor Hardswish_()
    {
        hardswishInPlace.Run(this);
        return this;
    }

    /// <summary>relu6(x + 3) / 6, in place. Where gradients are recorded, libtorch keeps a copy of the input.</summary>
    public Tensor Hardsigmoid_()
    {
        hardsigmoidInPlace.Run(this);
        return this;
    }

    /// <summary>1 / (1 + exp(-x)), in place.</summary>
    public Tensor Sigmoid_()
    {
        sigmoidInPlace.Run(this);
        return this;
    }

    /// <summary><see cref="Gelu"/>, in place. Where gradients are recorded, libtorch keeps a copy of the input.</summary>
    public Tensor Gelu_(bool tanh = false)
    {
        geluInPlace.Run(this, tanh ? "tanh" : "none");
        return this;
    }

    /// <summary>x where it is positive, alpha * (exp(x) - 1) elsewhere, elementwise. Clevert et al. 2015,
    /// arXiv:1511.07289.</summary>
    public Tensor Elu(double alpha = 1) => elu.Call(this, alpha);

    /// <summary>x where it is positive, slope * x elsewhere, elementwise.</summary>
    public Tensor LeakyRelu(double slope = 0.01) => leakyRelu.Call(this, slope);

    /// <summary>Gaussian error linear unit, elementwise. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    /// <param name="tanh">The tanh approximation instead of the error function.</param>
    public Tensor Gelu(bool tanh = false) => gelu.Call(this, tanh ? "tanh" : "none");

    /// <summary>exp(x) over its sum along a dimension.</summary>
    public Tensor Softmax(int dimension) => softmax.Call(this, dimension);

    /// <summary>The logarithm of <see cref="Softmax"/>, computed stably.</summary>
    public Tensor LogSoftmax(int dimension) => logSoftmax.Call(this, dimension);

    /// <summary>Zeroes each element with that probability and scales the others up, by libtorch's own generator.</summary>
    public Tensor Dropout(double probability, bool training) =>
        training && probability > 0 ? dropout.Call(this, probability, true) : this;
}
