namespace Graft.Torch;

/// <summary>
/// Arithmetic on lists of tensors, one call for a whole list: what optimisers use, so that a step over hundreds of parameters is
/// a handful of calls. Lists pair up element by element; names that end in an underscore work in place.
/// </summary>
public static class Foreach
{
    static readonly Operator addScalar = new("aten::_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
    static readonly Operator addList = new(
        "aten::_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()");
    static readonly Operator mulScalar = new("aten::_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
    static readonly Operator mulList = new("aten::_foreach_mul_.List(Tensor(a!)[] self, Tensor[] other) -> ()");
    static readonly Operator divScalar = new("aten::_foreach_div_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()");
    static readonly Operator addScalars = new("aten::_foreach_add_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()");
    static readonly Operator mulScalars = new("aten::_foreach_mul_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()");
    static readonly Operator mulNew = new("aten::_foreach_mul.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]");
    static readonly Operator addcdivScalars = new(
        "aten::_foreach_addcdiv_.ScalarList(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> ()");
    static readonly Operator sqrt = new("aten::_foreach_sqrt(Tensor[] self) -> Tensor[]");
    static readonly Operator addcmul = new(
        "aten::_foreach_addcmul_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
    static readonly Operator addcdiv = new(
        "aten::_foreach_addcdiv_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()");
    static readonly Operator zero = new("aten::_foreach_zero_(Tensor(a!)[] self) -> ()");
    static readonly Operator norm = new("aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]");

    /// <summary>Adds a number to all.</summary>
    public static void Add_(Tensor[] tensors, double value) => addScalar.Run(tensors, value);

    /// <summary>Adds to each its own number.</summary>
    public static void Add_(Tensor[] tensors, double[] values) => addScalars.Run(tensors, Value.Scalars(values));

    /// <summary>tensors += alpha * others.</summary>
    public static void Add_(Tensor[] tensors, Tensor[] others, double alpha = 1) => addList.Run(tensors, others, alpha);

    /// <summary>Multiplies all by a number.</summary>
    public static void Mul_(Tensor[] tensors, double factor) => mulScalar.Run(tensors, factor);

    /// <summary>Multiplies each by its own number.</summary>
    public static void Mul_(Tensor[] tensors, double[] factors) => mulScalars.Run(tensors, Value.Scalars(factors));

    /// <summary>Each times its own number, as new tensors.</summary>
    public static Tensor[] Mul(Tensor[] tensors, double[] factors) => mulNew.CallForMany(tensors, Value.Scalars(factors))!;

    /// <summary>tensors *= others.</summary>
    public static void Mul_(Tensor[] tensors, Tensor[] others) => mulList.Run(tensors, others);

    /// <summary>Divides all by a number.</summary>
    public static void Div_(Tensor[] tensors, double divisor) => divScalar.Run(tensors, divisor);

    /// <summary>The square roots, as new tensors.</summary>
    public static Tensor[] Sqrt(Tensor[] tensors) => sqrt.CallForMany(tensors)!;

    /// <summary>tensors += value * first * second.</summary>
    public static void AddCMul_(Tensor[] tensors, Tensor[] first, Tensor[] second, double value = 1) =>
        addcmul.Run(tensors, first, second, value);

    /// <summary>tensors += value * numerators / denominators.</summary>
    public static void AddCDiv_(Tensor[] tensors, Tensor[] numerators, Tensor[] denominators, double value = 1) =>
        addcdiv.Run(tensors, numerators, denominators, value);

    /// <summary>tensors += value * numerators / denominators, each with its own value.</summary>
    public static void AddCDiv_(Tensor[] tensors, Tensor[] numerators, Tensor[] denominators, double[] values) =>
        addcdivScalars.Run(tensors, numerators, denominators, Value.Scalars(values));

    /// <summary>Sets all to zero.</summary>
    public static void Zero_(Tensor[] tensors) => zero.Run([tensors]);

    /// <summary>The Euclidean norm of each, as new scalars.</summary>
    public static Tensor[] Norm(Tensor[] tensors) => norm.CallForMany([tensors])!;
}
