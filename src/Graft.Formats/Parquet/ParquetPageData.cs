namespace Graft.Formats;

/// <summary>A page's bytes, and the array that they lie in, where they do.</summary>
readonly ref struct ParquetPageData
{
    readonly byte[]? buffer;
    readonly int start;

    /// <summary>Bytes of the file itself.</summary>
    public ParquetPageData(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>A part of an array.</summary>
    public ParquetPageData(byte[] buffer, int start, int length)
    {
        this.buffer = buffer;
        this.start = start;
        Bytes = buffer.AsSpan(start, length);
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Without the first <paramref name="count"/> bytes.</summary>
    public ParquetPageData From(int count) =>
        buffer is null ? new(Bytes[count..]) : new(buffer, start + count, Bytes.Length - count);

    /// <summary>An array that the bytes lie in, and where; made of a copy where they lie in the file.</summary>
    public byte[] Buffer(out int at)
    {
        at = start;
        return buffer ?? Bytes.ToArray();
    }
}
