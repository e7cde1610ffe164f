using System.Buffers.Binary;
using System.Globalization;

namespace Graft.Formats;

/// <summary>Dates and times as Parquet counts them.</summary>
static class ParquetTimes
{
    const int SecondsPerDay = 86_400;
    const int JulianDayOf1970 = 2_440_588;

    static readonly int dayOf1970 = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>Nanoseconds of the day, then the Julian day, to nanoseconds since 1970.</summary>
    public static Int128 FromInt96(ReadOnlySpan<byte> bytes)
    {
        long nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        int day = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        return ((Int128)day - JulianDayOf1970) * SecondsPerDay * (int)ParquetTimeUnit.Nanoseconds + nanoseconds;
    }

    public static bool TryDate(int days, out DateOnly date)
    {
        bool fits = days >= -dayOf1970 && days <= DateOnly.MaxValue.DayNumber - dayOf1970;
        date = fits ? DateOnly.FromDayNumber(days + dayOf1970) : default;
        return fits;
    }

    public static bool TryTime(Int128 value, ParquetTimeUnit unit, out TimeOnly time)
    {
        bool fits = value >= 0 && value < (Int128)SecondsPerDay * (int)unit;
        time = fits ? new((long)(value * TimeSpan.TicksPerSecond / (int)unit)) : default;
        return fits;
    }

    public static bool TryMoment(Int128 value, ParquetColumn column, out DateTime moment)
    {
        Int128 ticks = DateTime.UnixEpoch.Ticks + FloorDivide(value * TimeSpan.TicksPerSecond, (int)column.Unit);
        bool fits = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        moment = fits ? new((long)ticks, column.IsUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified) : default;
        return fits;
    }

    public static string DateText(int days) => TryDate(days, out DateOnly date)
        ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : days.ToString(CultureInfo.InvariantCulture);

    public static string TimeText(Int128 value, ParquetTimeUnit unit) => TryTime(value, unit, out TimeOnly time)
        ? time.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(value, unit)
        : value.ToString(CultureInfo.InvariantCulture);

    public static string MomentText(Int128 value, ParquetColumn column) => TryMoment(value, column, out DateTime moment)
        ? moment.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + Fraction(value, column.Unit)
            + (column.IsUtc ? "Z" : "")
        : value.ToString(CultureInfo.InvariantCulture);

    static string Fraction(Int128 value, ParquetTimeUnit unit)
    {
        int part = (int)(value - FloorDivide(value, (int)unit) * (int)unit);
        if (part == 0) return "";
        int digits = unit switch { ParquetTimeUnit.Milliseconds => 3, ParquetTimeUnit.Microseconds => 6, _ => 9 };
        return "." + part.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0').TrimEnd('0');
    }

    static Int128 FloorDivide(Int128 value, int by)
    {
        Int128 whole = value / by;
        return whole * by > value ? whole - 1 : whole;
    }
}
