namespace Graft.Formats;

/// <summary>One named array: its type and shape, without its data. Equal to another of the same name, type and shape.</summary>
/// <param name="Name">The full dotted name, as in the file: <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a scalar.</param>
public sealed record ArrayEntry(string Name, ElementType Type, IReadOnlyList<long> Shape)
{
    /// <summary>The number of elements: the product of the shape, 1 for a scalar.</summary>
    /// <exception cref="OverflowException">The shape is negative, or larger than 2^63 - 1 elements.</exception>
    public long ElementCount =>
        TryCount(Shape, out long count) ? count : throw new OverflowException($"{this}: more elements than fit 64 bits");

    /// <summary>The bytes of its data.</summary>
    /// <exception cref="OverflowException">The shape is negative, or larger than 2^63 - 1 bytes.</exception>
    public long ByteLength => checked(ElementCount * Type.Size());

    /// <inheritdoc/>
    public bool Equals(ArrayEntry? other) =>
        other is not null && Name == other.Name && Type == other.Type && Shape.SequenceEqual(other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Shape.Count);

    /// <summary>Such as <c>conv1.weight float32 [64, 3, 7, 7]</c>.</summary>
    public override string ToString() => $"{Name} {Type.TorchName()} [{string.Join(", ", Shape)}]";

    /// <summary>
    /// Multiplies a shape out; false when a size is negative or a product does not fit (as the safetensors reference counts).
    /// </summary>
    internal static bool TryCount(IReadOnlyList<long> shape, out long count)
    {
        count = 1;
        for (int i = 0; i < shape.Count; i++)
            if (shape[i] < 0 || !TryMultiply(count, shape[i], out count))
                return false;
        return true;
    }

    /// <summary>Multiplies two numbers of at least 0; false on overflow.</summary>
    internal static bool TryMultiply(long left, long right, out long product)
    {
        long high = Math.BigMul(left, right, out product);
        return high == 0 && product >= 0;
    }
}
