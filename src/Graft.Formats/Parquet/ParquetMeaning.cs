namespace Graft.Formats;

/// <summary>What a column's values mean: Parquet's logical types, the older converted types among them.</summary>
public enum ParquetMeaning
{
    /// <summary>What is stored, and no more.</summary>
    Plain,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>UTF-8 text out of a fixed set.</summary>
    Enum,

    /// <summary>JSON as UTF-8 text.</summary>
    Json,

    /// <summary>BSON.</summary>
    Bson,

    /// <summary>A UUID of 16 bytes, big-endian.</summary>
    Uuid,

    /// <summary>A decimal number: <see cref="ParquetColumn.Precision"/> digits, <see cref="ParquetColumn.Scale"/> after the
    /// point.</summary>
    Decimal,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>Time since midnight in <see cref="ParquetColumn.Unit"/>.</summary>
    Time,

    /// <summary>Time since 1970-01-01 00:00 in <see cref="ParquetColumn.Unit"/>.</summary>
    Timestamp,

    /// <summary>A signed number of 8 bits.</summary>
    Int8,

    /// <summary>A signed number of 16 bits.</summary>
    Int16,

    /// <summary>A signed number of 32 bits.</summary>
    Int32,

    /// <summary>A signed number of 64 bits.</summary>
    Int64,

    /// <summary>An unsigned number of 8 bits.</summary>
    UInt8,

    /// <summary>An unsigned number of 16 bits.</summary>
    UInt16,

    /// <summary>An unsigned number of 32 bits, stored in the bits of a signed one.</summary>
    UInt32,

    /// <summary>An unsigned number of 64 bits, stored in the bits of a signed one.</summary>
    UInt64,

    /// <summary>Half precision, in 2 bytes.</summary>
    Half,

    /// <summary>Months, days and milliseconds, in 12 bytes.</summary>
    Interval,

    /// <summary>A column of nulls.</summary>
    Null,

    /// <summary>A later or rarer type, such as variant or geometry, which is given as it is stored.</summary>
    Other,
}
