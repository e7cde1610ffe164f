namespace Graft.Formats;

/// <summary>A column to write: its name, its type and the values of some rows.</summary>
public sealed record ParquetColumnData
{
    ParquetColumnData(string name, int rowCount, Array values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        RowCount = rowCount;
        Values = values;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The struct that it is in, such as <c>image</c> of <c>image: {bytes, path}</c>; null for none.</summary>
    /// <value>null. Columns of one struct must follow each other.</value>
    public string? Struct { get; init; }

    /// <summary>Rows.</summary>
    public int RowCount { get; }

    /// <summary>How the values are stored.</summary>
    public ParquetType Type { get; private init; }

    /// <summary>What they mean.</summary>
    public ParquetMeaning Meaning { get; private init; }

    /// <summary>Elements of each row's list; 0 where there are no lists.</summary>
    public int ListLength { get; private init; }

    /// <summary>Bytes of each value of <see cref="ParquetType.FixedBytes"/>; 0 for others.</summary>
    public int Width { get; private init; }

    internal Array Values { get; }

    /// <summary>Which are null; null where none is, or where the values themselves say.</summary>
    internal bool[]? Nulls { get; private init; }

    /// <summary>Whether there may be nulls. They may in all columns but lists, so that all row groups have one schema.</summary>
    internal bool IsOptional => ListLength == 0;

    /// <summary>Whole numbers of 32 bits.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One for each row. It is not copied.</param>
    /// <param name="nulls">Which are null, whatever their values; null for none.</param>
    /// <exception cref="ArgumentException">There are not as many nulls as values, or no name.</exception>
    public static ParquetColumnData Of(string name, int[] values, bool[]? nulls = null) =>
        Numbers(name, values, nulls, ParquetType.Int32);

    /// <summary>Whole numbers of 64 bits.</summary>
    /// <inheritdoc cref="Of(string, int[], bool[])"/>
    public static ParquetColumnData Of(string name, long[] values, bool[]? nulls = null) =>
        Numbers(name, values, nulls, ParquetType.Int64);

    /// <summary>Numbers of single precision.</summary>
    /// <inheritdoc cref="Of(string, int[], bool[])"/>
    public static ParquetColumnData Of(string name, float[] values, bool[]? nulls = null) =>
        Numbers(name, values, nulls, ParquetType.Single);

    /// <summary>Numbers of double precision.</summary>
    /// <inheritdoc cref="Of(string, int[], bool[])"/>
    public static ParquetColumnData Of(string name, double[] values, bool[]? nulls = null) =>
        Numbers(name, values, nulls, ParquetType.Double);

    /// <summary>True or false.</summary>
    /// <inheritdoc cref="Of(string, int[], bool[])"/>
    public static ParquetColumnData Of(string name, bool[] values, bool[]? nulls = null) =>
        Numbers(name, values, nulls, ParquetType.Boolean);

    /// <summary>Texts, or null.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">One for each row. It is not copied.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static ParquetColumnData Of(string name, string?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, values.Length, values) { Type = ParquetType.Bytes, Meaning = ParquetMeaning.String };
    }

    /// <summary>Bytes, such as an image's file, or null.</summary>
    /// <inheritdoc cref="Of(string, string[])"/>
    public static ParquetColumnData Of(string name, byte[]?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(name, values.Length, values) { Type = ParquetType.Bytes };
    }

    /// <summary>Vectors, such as embeddings, as lists of numbers in single precision.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">The rows' vectors, one after the other: [rows, <paramref name="length"/>]. It is not copied.</param>
    /// <param name="length">Numbers of each, at least 1.</param>
    /// <exception cref="ArgumentException">The values are not whole vectors, or there is no name.</exception>
    public static ParquetColumnData Vectors(string name, float[] values, int length) =>
        new(name, Rows(values, length), values) { Type = ParquetType.Single, ListLength = length };

    /// <summary>Bytes of one length.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">The rows' bytes, one after the other: [rows, <paramref name="width"/>]. It is not copied.</param>
    /// <param name="width">Bytes of each, at least 1.</param>
    /// <exception cref="ArgumentException">The values are not whole, or there is no name.</exception>
    public static ParquetColumnData FixedBytes(string name, byte[] values, int width) =>
        new(name, Rows(values, width), values) { Type = ParquetType.FixedBytes, Width = width };

    internal bool IsNull(int row) => Values switch
    {
        string?[] texts => texts[row] is null,
        byte[]?[] bytes => bytes[row] is null,
        _ => Nulls is not null && Nulls[row],
    };

    /// <summary>Whether both can stand in one file under each other.</summary>
    internal bool Continues(ParquetColumnData other) => (Name, Struct, Type, Meaning, ListLength, Width)
        == (other.Name, other.Struct, other.Type, other.Meaning, other.ListLength, other.Width);

    static ParquetColumnData Numbers<T>(string name, T[] values, bool[]? nulls, ParquetType type)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (nulls is not null && nulls.Length != values.Length)
            throw new ArgumentException($"column {name}: expected {values.Length} nulls or not, found {nulls.Length}",
                nameof(nulls));
        return new(name, values.Length, values) { Type = type, Nulls = nulls };
    }

    static int Rows<T>(T[] values, int length)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (length < 1 || values.Length % length != 0)
            throw new ArgumentException($"expected values in groups of {length}, found {values.Length}", nameof(values));
        return values.Length / length;
    }
}
