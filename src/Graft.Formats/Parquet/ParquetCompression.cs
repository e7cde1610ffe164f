using System.Buffers;
using System.IO.Compression;

namespace Graft.Formats;

/// <summary>Undoes a page's compression.</summary>
static class ParquetCompression
{
    /// <summary>What gzip's format can grow to at most, per byte.</summary>
    const int GzipExpansion = 1032;

    const int GrowthBytes = 1 << 20;

    /// <summary>
    /// Refuses a length that the data can't have, so that nothing is allocated for it. What Brotli gives can't be known, so that
    /// one is decoded into memory that grows.
    /// </summary>
    /// <exception cref="InvalidDataException">It can't be.</exception>
    /// <exception cref="NotSupportedException">The codec is not read.</exception>
    static void Check(ParquetCodec codec, ReadOnlySpan<byte> source, int length)
    {
        long most = codec switch
        {
            ParquetCodec.Uncompressed => source.Length,
            ParquetCodec.Snappy => Snappy.DecodedLength(source, out _),
            ParquetCodec.Gzip => (long)source.Length * GzipExpansion,
            ParquetCodec.Zstandard => Zstandard.AnnouncedLength(source) ?? (long)source.Length * Zstandard.MaxExpansion,
            ParquetCodec.Lz4 or ParquetCodec.Lz4Hadoop => (long)source.Length * Lz4Block.MaxExpansion,
            ParquetCodec.Brotli => int.MaxValue,
            _ => throw new NotSupportedException(
                $"expected Snappy, gzip, Zstandard, LZ4, Brotli or no compression, found {codec}; write it anew with "
                + $"one of them"),
        };
        if (length > most) throw new InvalidDataException($"expected {length} bytes after {codec}, found {most} at most");
    }

    /// <summary>Decodes all of <paramref name="source"/>.</summary>
    /// <param name="codec">How it is compressed.</param>
    /// <param name="source">The data.</param>
    /// <param name="length">Its bytes after decompression.</param>
    /// <param name="reuse">Where to put them if there is room; null for an array of their own.</param>
    /// <returns>The bytes, at the beginning of the array.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or not <paramref name="length"/> bytes.</exception>
    /// <exception cref="NotSupportedException">The codec is not read.</exception>
    public static byte[] Decode(ParquetCodec codec, ReadOnlySpan<byte> source, int length, byte[]? reuse)
    {
        if (length == 0) return reuse ?? [];
        Check(codec, source, length);
        if (codec == ParquetCodec.Brotli) return DecodeBrotli(source, length, reuse);
        byte[] buffer = reuse?.Length >= length ? reuse : GC.AllocateUninitializedArray<byte>(length);
        Span<byte> result = buffer.AsSpan(0, length);
        switch (codec)
        {
            case ParquetCodec.Uncompressed:
                if (source.Length != length) throw new InvalidDataException($"expected {length} bytes, found {source.Length}");
                source.CopyTo(result);
                break;
            case ParquetCodec.Snappy:
                Snappy.Decode(source, result);
                break;
            case ParquetCodec.Gzip:
                DecodeGzip(source, result);
                break;
            case ParquetCodec.Zstandard:
                Zstandard.Decode(source, result);
                break;
            case ParquetCodec.Lz4:
                Lz4Block.Decode(source, result);
                break;
            case ParquetCodec.Lz4Hadoop:
                if (!Lz4Block.TryDecodeHadoop(source, result)) Lz4Block.Decode(source, result);
                break;
            default:
                throw new NotSupportedException($"{codec} is not read");
        }
        return buffer;
    }

    static unsafe void DecodeGzip(ReadOnlySpan<byte> source, Span<byte> result)
    {
        fixed (byte* start = source)
        {
            using UnmanagedMemoryStream input = new(start, source.Length);
            using Stream decoder = source is [0x1f, 0x8b, ..]
                ? new GZipStream(input, CompressionMode.Decompress) : new ZLibStream(input, CompressionMode.Decompress);
            int count;
            bool isMore;
            try
            {
                count = decoder.ReadAtLeast(result, result.Length, throwOnEndOfStream: false);
                isMore = decoder.ReadByte() >= 0;
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"gzip: expected {result.Length} bytes, found damage ({error.Message})", error);
            }
            if (count != result.Length) throw new InvalidDataException($"gzip: expected {result.Length} bytes, found {count}");
            if (isMore) throw new InvalidDataException($"gzip: expected {result.Length} bytes, found more");
        }
    }

    static byte[] DecodeBrotli(ReadOnlySpan<byte> source, int length, byte[]? reuse)
    {
        byte[] result = reuse?.Length >= length
            ? reuse : GC.AllocateUninitializedArray<byte>(Math.Min(length, Math.Max(GrowthBytes, source.Length)));
        using BrotliDecoder decoder = new();
        int to = 0;
        while (true)
        {
            OperationStatus status = decoder.Decompress(source, result.AsSpan(to, Math.Min(result.Length, length) - to),
                out int taken, out int written);
            source = source[taken..];
            to += written;
            if (status == OperationStatus.Done && to == length) return result;
            if (status != OperationStatus.DestinationTooSmall || result.Length >= length)
                throw new InvalidDataException($"Brotli: expected {length} bytes, found {to} or damage after them");
            Array.Resize(ref result, (int)Math.Min(length, 4L * result.Length));
        }
    }
}
