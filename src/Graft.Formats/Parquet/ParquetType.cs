namespace Graft.Formats;

/// <summary>How a column's values are stored: Parquet's physical types, in the order of its specification.</summary>
public enum ParquetType
{
    /// <summary>True or false: <see cref="ParquetNumbers{T}"/> of <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>32 bits: <see cref="ParquetNumbers{T}"/> of <see cref="int"/>.</summary>
    Int32,

    /// <summary>64 bits: <see cref="ParquetNumbers{T}"/> of <see cref="long"/>.</summary>
    Int64,

    /// <summary>
    /// The old timestamp of 96 bits: <see cref="ParquetNumbers{T}"/> of <see cref="System.Int128"/>, nanoseconds since 1970.
    /// </summary>
    Int96,

    /// <summary>Single precision: <see cref="ParquetNumbers{T}"/> of <see cref="float"/>.</summary>
    Single,

    /// <summary>Double precision: <see cref="ParquetNumbers{T}"/> of <see cref="double"/>.</summary>
    Double,

    /// <summary>Bytes of any length: <see cref="ParquetBytes"/>.</summary>
    Bytes,

    /// <summary>Bytes of one length: <see cref="ParquetBytes"/>.</summary>
    FixedBytes,
}
