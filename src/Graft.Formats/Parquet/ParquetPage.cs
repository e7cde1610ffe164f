namespace Graft.Formats;

/// <summary>A page's header, and where what follows it lies.</summary>
sealed record ParquetPage
{
    public required ParquetPageKind Kind { get; init; }

    /// <summary>Where its data begins in the file.</summary>
    public long Start { get; init; }

    /// <summary>Its data's bytes in the file.</summary>
    public int CompressedBytes { get; init; }

    /// <summary>Its data's bytes after decompression, version 2's levels included.</summary>
    public int UncompressedBytes { get; init; }

    /// <summary>CRC-32 of the data as it is in the file; null without one.</summary>
    public uint? Checksum { get; init; }

    /// <summary>Its values, nulls and empty lists included.</summary>
    public int Values { get; init; }

    public ParquetEncoding Encoding { get; init; }

    public ParquetEncoding DefinitionEncoding { get; init; }

    public ParquetEncoding RepetitionEncoding { get; init; }

    /// <summary>Version 2: bytes of the levels, which are not compressed.</summary>
    public int DefinitionBytes { get; init; }

    /// <inheritdoc cref="DefinitionBytes"/>
    public int RepetitionBytes { get; init; }

    /// <summary>Version 2: whether the values are compressed.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Values in the chunk's pages before it.</summary>
    public int FirstValue { get; init; }

    public bool IsData => Kind is ParquetPageKind.Data or ParquetPageKind.DataV2;
}
