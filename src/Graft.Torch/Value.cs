using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>One argument of an operator: nothing, a tensor, a number, a string, a device, or a list of these.</summary>
public readonly struct Value
{
    internal readonly ValueTag Tag;
    internal readonly long Bits;
    internal readonly object? Reference;

    Value(ValueTag tag, long bits, object? reference = null) => (Tag, Bits, Reference) = (tag, bits, reference);

    /// <summary>The tensor that it is; null where it is something else.</summary>
    public Tensor? Tensor => Reference as Tensor;

    /// <summary>Python's <c>None</c>.</summary>
    public static Value None => default;

    /// <summary>A tensor, or nothing where it is null.</summary>
    public static implicit operator Value(Tensor? tensor) => tensor is null ? default : new(ValueTag.Tensor, 0, tensor);

    /// <summary>A whole number.</summary>
    public static implicit operator Value(long value) => new(ValueTag.Int, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Value(int value) => new(ValueTag.Int, value);

    /// <summary>A real number.</summary>
    public static implicit operator Value(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real number, or nothing.</summary>
    public static implicit operator Value(double? value) => value is { } number ? number : default(Value);

    /// <summary>A truth value.</summary>
    public static implicit operator Value(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    /// <summary>A string, or nothing where it is null.</summary>
    public static implicit operator Value(string? value) => value is null ? default : new(ValueTag.String, 0, value);

    /// <summary>An element type, as the number that schemas call ScalarType.</summary>
    public static implicit operator Value(DType value) => new(ValueTag.Int, (long)value);

    /// <summary>An element type, or nothing.</summary>
    public static implicit operator Value(DType? value) => value is { } dtype ? dtype : default(Value);

    /// <summary>A memory format, as its number.</summary>
    public static implicit operator Value(MemoryFormat value) => new(ValueTag.Int, (long)value);

    /// <summary>A device.</summary>
    public static implicit operator Value(Device value) => new(ValueTag.Device, Math.Max(value.Packed, 0));

    /// <summary>A list of whole numbers, or nothing where it is null.</summary>
    public static implicit operator Value(long[]? values) => values is null ? default : new(ValueTag.IntList, 0, values);

    /// <summary>A list of real numbers.</summary>
    public static implicit operator Value(double[] values) => new(ValueTag.DoubleList, 0, values);

    /// <summary>A list of truth values.</summary>
    public static implicit operator Value(bool[] values) => new(ValueTag.BoolList, 0, values);

    /// <summary>A list of tensors.</summary>
    public static implicit operator Value(Tensor[] tensors) => new(ValueTag.TensorList, 0, tensors);

    /// <summary>A list of tensors in which null stands for no tensor (an index that takes everything, say).</summary>
    public static Value Optional(params Tensor?[] tensors) => new(ValueTag.OptionalTensorList, 0, tensors);

    /// <summary>A list of numbers where the schema wants Scalar[].</summary>
    public static Value Scalars(params double[] values) => new(ValueTag.ScalarList, 0, values);

    /// <summary>As it is shown in an error: tensors by dtype and shape.</summary>
    public override string ToString() => Tag switch
    {
        ValueTag.None => "None",
        ValueTag.Int => Bits.ToString(),
        ValueTag.Double => BitConverter.Int64BitsToDouble(Bits).ToString("R"),
        ValueTag.Bool => Bits != 0 ? "True" : "False",
        ValueTag.String => $"'{Reference}'",
        ValueTag.Device => Device.FromPacked((int)Bits).ToString(),
        ValueTag.Tensor => ((Tensor)Reference!).Describe(),
        ValueTag.IntList => $"[{string.Join(", ", (long[])Reference!)}]",
        ValueTag.DoubleList or ValueTag.ScalarList => $"[{string.Join(", ", (double[])Reference!)}]",
        ValueTag.BoolList => $"[{string.Join(", ", (bool[])Reference!)}]",
        _ => DescribeList((Tensor?[])Reference!),
    };

    static string DescribeList(Tensor?[] tensors)
    {
        const int Most = 4;
        IEnumerable<string> shown = tensors.Take(Most).Select(tensor => tensor?.Describe() ?? "None");
        string rest = tensors.Length > Most ? $", ... {tensors.Length} tensors" : "";
        return $"[{string.Join(", ", shown)}{rest}]";
    }
}
