using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Graft.Formats;

/// <summary>From what is stored to what it means (parquet-format, LogicalTypes.md).</summary>
static class ParquetLogical
{
    /// <summary>Longer ones are given as they are stored: to write one out takes time by the square of its length.</summary>
    const int MaxDecimalBytes = 64;

    static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a column holds UTF-8.</summary>
    public static bool IsText(ParquetColumn column) =>
        column.Meaning is ParquetMeaning.String or ParquetMeaning.Enum or ParquetMeaning.Json;

    public static object Value<T>(ParquetColumn column, T value)
        where T : unmanaged
    {
        switch (column.Meaning)
        {
            case ParquetMeaning.UInt8 or ParquetMeaning.UInt16 or ParquetMeaning.UInt32 when value is int number:
                return (uint)number;
            case ParquetMeaning.UInt64 when value is long number:
                return (ulong)number;
            case ParquetMeaning.Date when value is int days && ParquetTimes.TryDate(days, out DateOnly date):
                return date;
            case ParquetMeaning.Time when ParquetTimes.TryTime(Whole(value), column.Unit, out TimeOnly time):
                return time;
            case ParquetMeaning.Timestamp when ParquetTimes.TryMoment(Whole(value), column, out DateTime moment):
                return moment;
            case ParquetMeaning.Decimal:
                return DecimalOf(Whole(value), column.Scale);
            default:
                return value;
        }
    }

    public static string Text<T>(ParquetColumn column, T value)
        where T : unmanaged
    {
        if (value is bool truth) return truth ? "true" : "false";
        switch (column.Meaning)
        {
            case ParquetMeaning.Date when value is int days:
                return ParquetTimes.DateText(days);
            case ParquetMeaning.Time:
                return ParquetTimes.TimeText(Whole(value), column.Unit);
            case ParquetMeaning.Timestamp:
                return ParquetTimes.MomentText(Whole(value), column);
            case ParquetMeaning.Decimal:
                return DecimalText(Whole(value), column.Scale);
            default:
                return ((IFormattable)Value(column, value)).ToString(null, CultureInfo.InvariantCulture);
        }
    }

    public static object Value(ParquetColumn column, ReadOnlySpan<byte> value) => column.Meaning switch
    {
        ParquetMeaning.String or ParquetMeaning.Enum or ParquetMeaning.Json => Encoding.UTF8.GetString(value),
        ParquetMeaning.Uuid => new Guid(value, bigEndian: true),
        ParquetMeaning.Half => BinaryPrimitives.ReadHalfLittleEndian(value),
        ParquetMeaning.Decimal when value.Length <= MaxDecimalBytes =>
            DecimalOf(new BigInteger(value, isBigEndian: true), column.Scale),
        _ => value.ToArray(),
    };

    public static string Text(ParquetColumn column, ReadOnlySpan<byte> value)
    {
        if (column.Meaning == ParquetMeaning.Decimal && value.Length <= MaxDecimalBytes)
            return DecimalText(new BigInteger(value, isBigEndian: true), column.Scale);
        if (column.Meaning is ParquetMeaning.Uuid or ParquetMeaning.Half)
            return ((IFormattable)Value(column, value)).ToString(null, CultureInfo.InvariantCulture);
        try
        {
            return strictUtf8.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToHexStringLower(value);
        }
    }

    /// <summary>A minimum or maximum, stored plainly; null where it is not as long as the column's values.</summary>
    public static object? Statistic(ParquetColumn column, ReadOnlySpan<byte> bytes)
    {
        if (column.Type is ParquetType.Bytes) return Value(column, bytes);
        if (bytes.Length != (column.Type == ParquetType.Boolean ? 1 : column.StoredBytes)) return null;
        return column.Type switch
        {
            ParquetType.Boolean => bytes[0] != 0,
            ParquetType.Int32 => Value(column, MemoryMarshal.Read<int>(bytes)),
            ParquetType.Int64 => Value(column, MemoryMarshal.Read<long>(bytes)),
            ParquetType.Single => MemoryMarshal.Read<float>(bytes),
            ParquetType.Double => MemoryMarshal.Read<double>(bytes),
            ParquetType.Int96 => Value(column, ParquetTimes.FromInt96(bytes)),
            _ => Value(column, bytes),
        };
    }

    static Int128 Whole<T>(T value)
        where T : unmanaged => value switch
        {
            int number => number,
            long number => number,
            Int128 number => number,
            _ => throw new InvalidOperationException($"{typeof(T)} is no whole number"),
        };

    static object DecimalOf(BigInteger unscaled, int scale)
    {
        BigInteger size = BigInteger.Abs(unscaled);
        if (scale > 28 || size >> 96 != 0) return DecimalText(unscaled, scale);
        UInt128 bits = (UInt128)size;
        return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), unscaled.Sign < 0, (byte)scale);
    }

    static string DecimalText(BigInteger unscaled, int scale)
    {
        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string point = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled.Sign < 0 ? "-" + point : point;
    }
}
