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

    /// <summary>Gaussian error linear unit, elementwise. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    /// <param name="tanh">The tanh approximation instead of the error function.</param>
    public Tensor Gelu(bool tanh = false) => gelu.Call(this, tanh ? "tanh" : "none");

    /// <summary>exp(x) over its sum along a dimension.</summary>
    public Tensor Softmax(int dimension) => softmax.Call(this, dimension);

    /// <summary>The logarithm of <see cref="Softmax"/>, computed stably.</summary>
    public Tensor LogSoftmax(int dimension) => logSoftmax.Call(this, dimension);

    /// <summary>Zeroes each element with that probability and scales the others up, by libtorch's own generator.</summary>
    public Tensor Dropout(double probability, bool training) => training && probability > 0 ? dropout.Call(this, probability, true) : this;
}
