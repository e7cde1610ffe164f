using System.Globalization;

namespace Graft.Formats.Tests;

/// <summary>Values as tools/golden/parquet.py writes them.</summary>
static class ParquetText
{
    /// <summary>A row: a text, null, or for lists a text in brackets.</summary>
    public static string? Row(ParquetValues values, int row)
    {
        if (!values.Column.IsList) return Value(values, row);
        if (values.IsNullList(row)) return null;
        IEnumerable<int> indices = Enumerable.Range(values.Starts[row], values.Starts[row + 1] - values.Starts[row]);
        return "[" + string.Join("|", indices.Select(index => Value(values, index) ?? "null")) + "]";
    }

    static string? Value(ParquetValues values, int index)
    {
        if (values.IsNull(index))
        {
            Assert.Null(values.GetValue(index));
            Assert.Null(values.GetText(index));
            return null;
        }
        bool isTime = values.Column.Meaning is ParquetMeaning.Date or ParquetMeaning.Time or ParquetMeaning.Timestamp;
        object value = values.GetValue(index)!;
        return values switch
        {
            ParquetNumbers<int> numbers when isTime => Plain(numbers.Values[index]),
            ParquetNumbers<long> numbers when isTime => Plain(numbers.Values[index]),
            ParquetNumbers<Int128> numbers => Plain(numbers.Values[index]),
            ParquetNumbers<float> numbers => BitConverter.SingleToUInt32Bits(numbers.Values[index]).ToString("x8"),
            ParquetNumbers<double> numbers => BitConverter.DoubleToUInt64Bits(numbers.Values[index]).ToString("x16"),
            ParquetBytes bytes => value switch
            {
                byte[] => Convert.ToHexStringLower(bytes[index]),
                Guid guid => Convert.ToHexStringLower(guid.ToByteArray(bigEndian: true)),
                Half half => BitConverter.HalfToUInt16Bits(half).ToString("x4"),
                _ => values.GetText(index),
            },
            _ => values.GetText(index),
        };
    }

    static string Plain(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
