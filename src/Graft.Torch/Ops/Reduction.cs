namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator sum = new("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor");
    static readonly Operator sumDim = new(
        "aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
    static readonly Operator mean = new("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor");
    static readonly Operator meanDim = new(
        "aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor");
    static readonly Operator varCorrection = new(
        "aten::var.correction(Tensor self, int[1]? dim, *, int? correction, bool keepdim=False) -> Tensor");
    static readonly Operator amax = new("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor");
    static readonly Operator max = new("aten::max(Tensor self) -> Tensor");
    static readonly Operator min = new("aten::min(Tensor self) -> Tensor");
    static readonly Operator argmax = new("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor");
    static readonly Operator topk = new(
        "aten::topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor " +
        "indices)");
    static readonly Operator equal = new("aten::eq.Tensor(Tensor self, Tensor other) -> Tensor");
    static readonly Operator equalScalar = new("aten::eq.Scalar(Tensor self, Scalar other) -> Tensor");
    static readonly Operator sort = new(
        "aten::sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)");
    static readonly Operator cumsum = new("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor");
    static readonly Operator isFinite = new("aten::isfinite(Tensor self) -> Tensor");
    static readonly Operator all = new("aten::all(Tensor self) -> Tensor");
    static readonly Operator norm = new("aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor");
    static readonly Operator normDim = new(
        "aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor");
    static readonly Operator sameValues = new("aten::equal(Tensor self, Tensor other) -> bool");

    /// <summary>The sum of all elements: a scalar.</summary>
    public Tensor Sum() => sum.Call(this);

    /// <summary>The sum along dimensions.</summary>
    public Tensor Sum(long[] dimensions, bool keepDimension = false) => sumDim.Call(this, dimensions, keepDimension);

    /// <summary>The mean of all elements: a scalar.</summary>
    public Tensor Mean() => mean.Call(this);

    /// <summary>The mean along dimensions.</summary>
    public Tensor Mean(long[] dimensions, bool keepDimension = false) => meanDim.Call(this, dimensions, keepDimension);

    /// <summary>The largest along dimensions.</summary>
    public Tensor Amax(long[] dimensions, bool keepDimension = false) => amax.Call(this, dimensions, keepDimension);

    /// <summary>The variance along dimensions.</summary>
    /// <param name="dimensions">which</param>
    /// <param name="correction">what is taken off the count: 0 for a population, 1 for a sample</param>
    /// <param name="keepDimension">whether the dimensions stay, with size 1</param>
    public Tensor Var(long[] dimensions, long correction = 0, bool keepDimension = false) =>
        varCorrection.Call(this, dimensions, correction, keepDimension);

    /// <summary>The largest element: a scalar.</summary>
    public Tensor Max() => max.Call(this);

    /// <summary>The smallest element: a scalar.</summary>
    public Tensor Min() => min.Call(this);

    /// <summary>Where the largest element along a dimension stands: int64.</summary>
    public Tensor ArgMax(long dimension) => argmax.Call(this, dimension);

    /// <summary>The k largest along the last dimension, and where they stand, largest first.</summary>
    public (Tensor Values, Tensor Indices) TopK(long k) => topk.CallForTwo(this, k);

    /// <summary>Where both are equal, elementwise: bool.</summary>
    public Tensor EqualTo(Tensor other) => equal.Call(this, other);

    /// <summary>Where an element is that whole number: bool.</summary>
    public Tensor EqualTo(long other) => equalScalar.Call(this, other);

    /// <summary>The elements in order along a dimension, and where they stood (int64).</summary>
    public (Tensor Values, Tensor Indices) Sort(int dimension = -1, bool descending = false) =>
        sort.CallForTwo(this, dimension, descending);

    /// <summary>At each place the sum of the elements up to it.</summary>
    public Tensor CumulativeSum(int dimension) => cumsum.Call(this, dimension);

    /// <summary>Whether both have the same shape and the same values throughout.</summary>
    public bool ValuesEqual(Tensor other) => sameValues.CallForNumber(this, other) != 0;

    /// <summary>Whether each element is a number (not NaN) and finite: bool.</summary>
    public Tensor IsFinite() => isFinite.Call(this);

    /// <summary>Whether all elements are true: a bool scalar.</summary>
    public Tensor All() => all.Call(this);

    /// <summary>The Euclidean norm of all elements: a scalar.</summary>
    public Tensor Norm() => norm.Call(this);

    /// <summary>The Euclidean norm along dimensions; its gradient is 0, not NaN, where the norm is 0.</summary>
    public Tensor Norm(long[] dimensions, bool keepDimension = false) => normDim.Call(this, 2.0, dimensions, keepDimension);
}
