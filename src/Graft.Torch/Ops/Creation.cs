namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator empty = new(
        "aten::empty.memory_format(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, " +
        "bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
    static readonly Operator zeros = new(
        "aten::zeros(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None) -> Tensor");
    static readonly Operator ones = new(
        "aten::ones(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None) -> Tensor");
    static readonly Operator full = new(
        "aten::full(int[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? " +
        "device=None, bool? pin_memory=None) -> Tensor");
    static readonly Operator arange = new(
        "aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? " +
        "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor");
    static readonly Operator randn = new(
        "aten::randn(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None) -> Tensor");
    static readonly Operator rand = new(
        "aten::rand(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None) -> Tensor");
    static readonly Operator emptyLike = new(
        "aten::empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
    static readonly Operator zerosLike = new(
        "aten::zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? " +
        "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor");
    static readonly Operator oneHot = new("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor");

    /// <summary>A tensor whose elements are whatever the memory held.</summary>
    public static Tensor Empty(long[] shape, DType dtype = DType.Float32, Device device = default) =>
        empty.Call(shape, dtype, Value.None, device);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(long[] shape, DType dtype = DType.Float32, Device device = default) =>
        zeros.Call(shape, dtype, Value.None, device);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(long[] shape, DType dtype = DType.Float32, Device device = default) =>
        ones.Call(shape, dtype, Value.None, device);

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(long[] shape, double value, DType dtype = DType.Float32, Device device = default) =>
        full.Call(shape, value, dtype, Value.None, device);

    /// <summary>start, start + step, ... below end: <c>[ceil((end - start) / step)]</c>.</summary>
    public static Tensor Arange(
        double start, double end, double step = 1, DType dtype = DType.Float32, Device device = default) =>
        arange.Call(start, end, step, dtype, Value.None, device);

    /// <summary>Draws from the standard normal distribution, by libtorch's own generator (see
    /// <see cref="Engine.ManualSeed"/>).</summary>
    public static Tensor Randn(long[] shape, DType dtype = DType.Float32, Device device = default) =>
        randn.Call(shape, dtype, Value.None, device);

    /// <summary>Draws uniform in [0, 1), by libtorch's own generator (see <see cref="Engine.ManualSeed"/>).</summary>
    public static Tensor Rand(long[] shape, DType dtype = DType.Float32, Device device = default) =>
        rand.Call(shape, dtype, Value.None, device);

    /// <summary>A tensor of the same shape, dtype, device and layout, with whatever the memory held.</summary>
    public Tensor EmptyLike() => emptyLike.Call(this);

    /// <summary>Zeros of the same shape, dtype, device and layout.</summary>
    public Tensor ZerosLike() => zerosLike.Call(this);

    /// <summary>Class indices <c>[N]</c> as rows of zeros with a single one: int64 <c>[N, classes]</c>.</summary>
    public Tensor OneHot(long classes) => oneHot.Call(this, classes);
}
