using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Graft.Formats;

/// <summary>The least and the largest of a column's values, as a file's statistics have them.</summary>
static class ParquetRange
{
    const int MaxBytes = 64;

    /// <summary>Both as they are stored; null where there is none, or where it would be too long.</summary>
    public static (byte[]? Minimum, byte[]? Maximum) Of(ParquetColumnData column, int from, int to)
    {
        if (column.ListLength > 0) return default;
        return column.Values switch
        {
            int[] values => Of(column, values, from, to),
            long[] values => Of(column, values, from, to),
            float[] values => Of(column, values, from, to),
            double[] values => Of(column, values, from, to),
            string?[] texts => Of(texts.AsSpan(from, to - from)),
            _ => default,
        };
    }

    static (byte[]?, byte[]?) Of<T>(ParquetColumnData column, T[] values, int from, int to)
        where T : unmanaged, INumber<T>
    {
        T minimum = default, maximum = default;
        bool any = false;
        for (int i = from; i < to; i++)
        {
            if (column.IsNull(i)) continue;
            if (T.IsNaN(values[i])) return default; // it has no place in an order
            (minimum, maximum) = any ? (T.Min(minimum, values[i]), T.Max(maximum, values[i])) : (values[i], values[i]);
            any = true;
        }
        if (!any) return default;
        if (T.IsZero(minimum) && minimum is float or double) minimum = -T.Abs(minimum); // both zeros are within
        if (T.IsZero(maximum)) maximum = T.Abs(maximum);
        return (MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in minimum)).ToArray(),
            MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in maximum)).ToArray());
    }

    /// <summary>Texts are ordered by their UTF-8 bytes.</summary>
    static (byte[]?, byte[]?) Of(ReadOnlySpan<string?> texts)
    {
        byte[]? minimum = null, maximum = null;
        string? last = null;
        foreach (string? text in texts)
        {
            if (text is null || ReferenceEquals(text, last)) continue;
            last = text;
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if (minimum is null || bytes.AsSpan().SequenceCompareTo(minimum) < 0) minimum = bytes;
            if (maximum is null || bytes.AsSpan().SequenceCompareTo(maximum) > 0) maximum = bytes;
        }
        return minimum?.Length > MaxBytes || maximum?.Length > MaxBytes ? default : (minimum, maximum);
    }
}
