namespace Graft.Formats;

/// <summary>Sizes and names of <see cref="ElementType"/>s.</summary>
public static class ElementTypes
{
    static readonly (ElementType Type, int Size, string Safetensors, string Torch)[] table =
    [
        (ElementType.Bool, 1, "BOOL", "bool"),
        (ElementType.UInt8, 1, "U8", "uint8"),
        (ElementType.Int8, 1, "I8", "int8"),
        (ElementType.Int16, 2, "I16", "int16"),
        (ElementType.Int32, 4, "I32", "int32"),
        (ElementType.Int64, 8, "I64", "int64"),
        (ElementType.Float16, 2, "F16", "float16"),
        (ElementType.BFloat16, 2, "BF16", "bfloat16"),
        (ElementType.Float32, 4, "F32", "float32"),
        (ElementType.Float64, 8, "F64", "float64"),
        (ElementType.UInt16, 2, "U16", "uint16"),
        (ElementType.UInt32, 4, "U32", "uint32"),
        (ElementType.UInt64, 8, "U64", "uint64"),
    ];

    static readonly Dictionary<string, ElementType> bySafetensorsName = table.ToDictionary(row => row.Safetensors, row =>
        row.Type);
    static readonly Dictionary<string, ElementType> byTorchName = table.ToDictionary(row => row.Torch, row => row.Type);

    /// <summary>All element types, in the order of the enumeration.</summary>
    public static IReadOnlyList<ElementType> All { get; } = Array.ConvertAll(table, row => row.Type);

    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => table[(int)type].Size;

    /// <summary>The name in a safetensors header: <c>F32</c>.</summary>
    public static string SafetensorsName(this ElementType type) => table[(int)type].Safetensors;

    /// <summary>PyTorch's and NumPy's name: <c>float32</c>.</summary>
    public static string TorchName(this ElementType type) => table[(int)type].Torch;

    /// <summary>True for the floating-point types.</summary>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

    /// <summary>Finds a type by its name in a safetensors header (<c>F32</c>, exactly so).</summary>
    public static bool TryParseSafetensors(string name, out ElementType type) => bySafetensorsName.TryGetValue(name, out type);

    /// <summary>Finds a type by PyTorch's name (<c>float32</c>, exactly so).</summary>
    public static bool TryParseTorch(string name, out ElementType type) => byTorchName.TryGetValue(name, out type);
}
