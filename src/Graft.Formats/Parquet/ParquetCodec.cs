namespace Graft.Formats;

/// <summary>How pages are compressed: Parquet's codecs, in the order of its specification.</summary>
public enum ParquetCodec
{
    /// <summary>Not at all.</summary>
    Uncompressed,

    /// <summary>Snappy.</summary>
    Snappy,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>LZO, which is not read.</summary>
    Lzo,

    /// <summary>Brotli.</summary>
    Brotli,

    /// <summary>LZ4 in Hadoop's framing, or without, as older writers had it.</summary>
    Lz4Hadoop,

    /// <summary>Zstandard.</summary>
    Zstandard,

    /// <summary>LZ4's block format.</summary>
    Lz4,
}
