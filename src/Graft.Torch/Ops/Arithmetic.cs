namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator addTensor = new("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
    static readonly Operator addScalar = new("aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor");
    static readonly Operator subTensor = new("aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
    static readonly Operator subScalar = new("aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor");
    static readonly Operator mulTensor = new("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor");
    static readonly Operator mulScalar = new("aten::mul.Scalar(Tensor self, Scalar other) -> Tensor");
    static readonly Operator divTensor = new("aten::div.Tensor(Tensor self, Tensor other) -> Tensor");
    static readonly Operator divScalar = new("aten::div.Scalar(Tensor self, Scalar other) -> Tensor");
    static readonly Operator neg = new("aten::neg(Tensor self) -> Tensor");
    static readonly Operator exp = new("aten::exp(Tensor self) -> Tensor");
    static readonly Operator log = new("aten::log(Tensor self) -> Tensor");
    static readonly Operator sqrt = new("aten::sqrt(Tensor self) -> Tensor");
    static readonly Operator abs = new("aten::abs(Tensor self) -> Tensor");
    static readonly Operator powTensor = new("aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor");
    static readonly Operator reciprocal = new("aten::reciprocal(Tensor self) -> Tensor");
    static readonly Operator square = new("aten::square(Tensor self) -> Tensor");
    static readonly Operator pow = new("aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor");
    static readonly Operator clamp = new("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor");
    static readonly Operator addInPlace = new(
        "aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)");
    static readonly Operator addScalarInPlace = new(
        "aten::add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)");
    static readonly Operator mulInPlace = new("aten::mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)");
    static readonly Operator mulScalarInPlace = new("aten::mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)");
    static readonly Operator normalInPlace = new(
        "aten::normal_(Tensor(a!) self, float mean=0, float std=1, *, Generator? generator=None) -> Tensor(a!)");
    static readonly Operator uniformInPlace = new(
        "aten::uniform_(Tensor(a!) self, float from=0, float to=1, *, Generator? generator=None) -> Tensor(a!)");

    static readonly Operator clampInPlace = new(
        "aten::clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)");
    static readonly Operator bernoulliInPlace = new(
        "aten::bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)");

    /// <summary>Elementwise sum, broadcast.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => addTensor.Call(left, right);

    /// <summary>Elementwise sum with a number.</summary>
    public static Tensor operator +(Tensor left, double right) => addScalar.Call(left, right);

    /// <summary>Elementwise difference, broadcast.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => subTensor.Call(left, right);

    /// <summary>Elementwise difference with a number.</summary>
    public static Tensor operator -(Tensor left, double right) => subScalar.Call(left, right);

    /// <summary>Elementwise negation.</summary>
    public static Tensor operator -(Tensor value) => neg.Call(value);

    /// <summary>Elementwise product, broadcast.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => mulTensor.Call(left, right);

    /// <summary>Elementwise product with a number.</summary>
    public static Tensor operator *(Tensor left, double right) => mulScalar.Call(left, right);

    /// <summary>Elementwise product with a number.</summary>
    public static Tensor operator *(double left, Tensor right) => mulScalar.Call(right, left);

    /// <summary>Elementwise quotient, broadcast.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => divTensor.Call(left, right);

    /// <summary>Elementwise quotient with a number.</summary>
    public static Tensor operator /(Tensor left, double right) => divScalar.Call(left, right);

    /// <summary>e to each element.</summary>
    public Tensor Exp() => exp.Call(this);

    /// <summary>The natural logarithm of each element.</summary>
    public Tensor Log() => log.Call(this);

    /// <summary>The square root of each element.</summary>
    public Tensor Sqrt() => sqrt.Call(this);

    /// <summary>The square of each element.</summary>
    public Tensor Square() => square.Call(this);

    /// <summary>The absolute value of each element.</summary>
    public Tensor Abs() => abs.Call(this);

    /// <summary>One over each element.</summary>
    public Tensor Reciprocal() => reciprocal.Call(this);

    /// <summary>Each element to a power.</summary>
    public Tensor Pow(double exponent) => pow.Call(this, exponent);

    /// <summary>Each element to the power of the other tensor's, broadcast together.</summary>
    public Tensor Pow(Tensor exponent) => powTensor.Call(this, exponent);

    /// <summary>Each element brought into [min, max]; a bound left out does not bound.</summary>
    public Tensor Clamp(double? min = null, double? max = null) => clamp.Call(this, min, max);

    /// <summary>Brings each element into [min, max], in place; a bound left out does not bound.</summary>
    public Tensor Clamp_(double? min = null, double? max = null)
    {
        clampInPlace.Run(this, min, max);
        return this;
    }

    /// <summary>Adds alpha times another tensor, in place.</summary>
    public Tensor Add_(Tensor other, double alpha = 1)
    {
        addInPlace.Run(this, other, alpha);
        return this;
    }

    /// <summary>Adds a number, in place.</summary>
    public Tensor Add_(double other)
    {
        addScalarInPlace.Run(this, other);
        return this;
    }

    /// <summary>Adds a whole number, in place: what tensors of whole numbers want.</summary>
    public Tensor Add_(long other)
    {
        addScalarInPlace.Run(this, other);
        return this;
    }

    /// <summary>Multiplies by another tensor, in place.</summary>
    public Tensor Mul_(Tensor other)
    {
        mulInPlace.Run(this, other);
        return this;
    }

    /// <summary>Multiplies by a number, in place.</summary>
    public Tensor Mul_(double other)
    {
        mulScalarInPlace.Run(this, other);
        return this;
    }

    /// <summary>Overwrites the elements with draws from a normal distribution, in place.</summary>
    public Tensor Normal_(double mean = 0, double std = 1)
    {
        normalInPlace.Run(this, mean, std);
        return this;
    }

    /// <summary>Overwrites the elements with draws uniform in [from, to), in place.</summary>
    public Tensor Uniform_(double from = 0, double to = 1)
    {
        uniformInPlace.Run(this, from, to);
        return this;
    }

    /// <summary>Overwrites the elements with ones, each with that probability, and zeros, in place.</summary>
    public Tensor Bernoulli_(double probability)
    {
        bernoulliInPlace.Run(this, probability);
        return this;
    }
}
