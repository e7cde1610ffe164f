using System.Globalization;
using System.Numerics;
using System.Text;

namespace Graft.Formats;

/// <summary>Pickled values as text.</summary>
static class PickleText
{
    const int MaxItems = 64, MaxLength = 4096;

    /// <summary>One number of an array.</summary>
    public static object Number(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Bool => bytes[0] != 0,
        ElementType.Int64 => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.UInt64 => (BigInteger)System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ when type.IsFloatingPoint() => ArrayFile.Element(type, bytes),
        _ => (long)ArrayFile.Element(type, bytes),
    };

    /// <summary>A scalar, or a short list of scalars, as JSON writes it (a text stands bare); null for anything else.</summary>
    public static string? Of(object? value) => value switch
    {
        PyTuple { Items: var items } => List(items),
        PyList { Items: var items } => List(items),
        _ => Scalar(value),
    };

    /// <summary>A name out of a file, fit for a message on one line.</summary>
    public static string Printable(string text)
    {
        StringBuilder clean = new();
        foreach (char one in text.AsSpan(0, Math.Min(text.Length, 120)))
            clean.Append(char.IsControl(one) || char.IsSurrogate(one) ? '?' : one);
        return clean.Append(text.Length > 120 ? "..." : "").ToString();
    }

    static string? List(IReadOnlyCollection<object?> items)
    {
        if (items.Count > MaxItems) return null;
        List<string> parts = [];
        foreach (object? item in items)
        {
            if (Scalar(item) is not { } part) return null;
            parts.Add(part);
        }
        return $"[{string.Join(", ", parts)}]";
    }

    static string? Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => double.IsFinite(number) && number == Math.Truncate(number) && Math.Abs(number) < 1e15
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture),
        string text => text.Length <= MaxLength ? text : null,
        PickleGlobal global => global.Name,
        _ => null,
    };
}
