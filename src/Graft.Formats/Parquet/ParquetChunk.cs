namespace Graft.Formats;

/// <summary>One column in one row group.</summary>
public sealed record ParquetChunk
{
    /// <summary>The column.</summary>
    public required ParquetColumn Column { get; init; }

    /// <summary>How its pages are compressed.</summary>
    public required ParquetCodec Codec { get; init; }

    /// <summary>Its values, nulls and empty lists included.</summary>
    public required long ValueCount { get; init; }

    /// <summary>Its bytes in the file.</summary>
    public required long CompressedBytes { get; init; }

    /// <summary>Its bytes after decompression, as the writer says.</summary>
    public long UncompressedBytes { get; init; }

    /// <summary>What the writer noted about the values; null where it noted nothing.</summary>
    public ParquetStatistics? Statistics { get; init; }

    /// <summary>Where it begins in the file.</summary>
    internal long Start { get; init; }
}
