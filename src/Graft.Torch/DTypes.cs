using Graft.Formats;

namespace Graft.Torch;

/// <summary>Facts about <see cref="DType"/>.</summary>
public static class DTypes
{
    static readonly (DType Tensor, ElementType File)[] filed =
    [
        (DType.Float32, ElementType.Float32), (DType.Float64, ElementType.Float64), (DType.Float16, ElementType.Float16),
        (DType.BFloat16, ElementType.BFloat16), (DType.Int64, ElementType.Int64), (DType.Int32, ElementType.Int32),
        (DType.Int16, ElementType.Int16), (DType.Int8, ElementType.Int8), (DType.UInt8, ElementType.UInt8),
        (DType.Bool, ElementType.Bool),
    ];

    /// <summary>The same type in files.</summary>
    public static ElementType ToElementType(this DType dtype) => Array.Find(filed, pair => pair.Tensor == dtype).File;

    /// <summary>The same type of tensors.</summary>
    /// <exception cref="NotSupportedException">Tensors have no such type.</exception>
    public static DType ToDType(this ElementType type)
    {
        foreach ((DType tensor, ElementType file) in filed)
            if (file == type) return tensor;
        throw new NotSupportedException($"{type}: tensors have no such type.");
    }

    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        DType.Int16 or DType.Float16 or DType.BFloat16 => 2,
        DType.Int32 or DType.Float32 => 4,
        _ => 8,
    };

    /// <summary>Whether elements are real numbers of any precision.</summary>
    public static bool IsFloatingPoint(this DType dtype) =>
        dtype is DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64;

    /// <summary>The dtype whose elements are laid out as <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No dtype has that layout.</exception>
    public static DType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(sbyte)) return DType.Int8;
        if (typeof(T) == typeof(short)) return DType.Int16;
        if (typeof(T) == typeof(Half)) return DType.Float16;
        throw new NotSupportedException($"{typeof(T).Name}: no tensor dtype has this layout.");
    }
}
