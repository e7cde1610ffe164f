namespace Graft.Formats;

/// <summary>A column of a Parquet file: a leaf of its schema.</summary>
public sealed record ParquetColumn
{
    /// <summary>Where it stands among the file's columns, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// What people call it: the names of the structs it is in, joined by dots, without the names that lists put between:
    /// <c>label</c>, <c>image.bytes</c>, <c>embedding</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Its whole path in the schema, joined by dots: <c>embedding.list.element</c>.</summary>
    public required string Path { get; init; }

    /// <summary>How its values are stored.</summary>
    public required ParquetType Type { get; init; }

    /// <summary>What its values mean.</summary>
    public required ParquetMeaning Meaning { get; init; }

    /// <summary>Bytes of a value of <see cref="ParquetType.FixedBytes"/>; 0 for other types.</summary>
    public int Width { get; init; }

    /// <summary>Digits of a decimal number; 0 for other types.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a decimal number after the point; 0 for other types.</summary>
    public int Scale { get; init; }

    /// <summary>What a time is counted in.</summary>
    public ParquetTimeUnit Unit { get; init; }

    /// <summary>Whether a time is in UTC, and not that of an unnamed place.</summary>
    public bool IsUtc { get; init; }

    /// <summary>Whether a row may have several values, or none.</summary>
    public bool IsList => MaxRepetition > 0;

    /// <summary>Whether there may be nulls: it, or a struct around it, is optional.</summary>
    public bool IsOptional => MaxDefinition > (IsList ? 1 : 0);

    /// <summary>False for lists within lists, which are refused.</summary>
    public bool IsReadable => MaxRepetition <= 1;

    internal int MaxDefinition { get; init; }

    internal int MaxRepetition { get; init; }

    /// <summary>The definition level from which a list has an element.</summary>
    internal int ListDefinition { get; init; }

    /// <summary>Bytes of a value as it is stored plainly; 0 where they differ.</summary>
    internal int StoredBytes => Type switch
    {
        ParquetType.Int32 or ParquetType.Single => 4,
        ParquetType.Int64 or ParquetType.Double => 8,
        ParquetType.Int96 => 12,
        ParquetType.FixedBytes => Width,
        _ => 0,
    };

    /// <summary>Its name and types, for messages.</summary>
    public override string ToString() =>
        $"{Name} ({(Meaning == ParquetMeaning.Plain ? Type.ToString() : $"{Type}, {Meaning}")}{(IsList ? ", list" : "")})";
}
