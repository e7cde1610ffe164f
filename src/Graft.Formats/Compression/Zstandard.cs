using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>
/// Decodes Zstandard (RFC 8878): frames with or without their length and checksum, skippable frames, all kinds of blocks. Not
/// dictionaries, which stand outside of the data. The framework has no decoder, and this one can't be made to touch foreign
/// memory.
/// </summary>
static class Zstandard
{
    const uint Magic = 0xFD2FB528, SkippableMagic = 0x184D2A50;

    /// <summary>More than this nothing can grow: a block of 128 KiB takes four bytes at least.</summary>
    public const int MaxExpansion = 1 << 15;

    [ThreadStatic]
    static ZstandardBlocks? blocks;

    /// <summary>The length that the first frame announces; null where it does not.</summary>
    /// <exception cref="InvalidDataException">It is not a frame.</exception>
    public static long? AnnouncedLength(ReadOnlySpan<byte> source)
    {
        if (source.Length >= 4 && IsSkippable(source)) return null;
        Header(source, out long? length, out _);
        return length;
    }

    /// <summary>Decodes all frames of <paramref name="source"/>, which must fill <paramref name="destination"/>
    /// exactly.</summary>
    /// <exception cref="InvalidDataException">They do not, or are damaged.</exception>
    /// <exception cref="NotSupportedException">A frame needs a dictionary.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int to = 0;
        while (source.Length > 0)
        {
            if (source.Length >= 8 && IsSkippable(source))
            {
                uint skipped = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
                if (skipped > source.Length - 8) throw Cut();
                source = source[(8 + (int)skipped)..];
                continue;
            }
            source = source[Frame(source, destination[to..], out int written)..];
            to += written;
        }
        if (to != destination.Length)
            throw new InvalidDataException($"Zstandard: expected {destination.Length} bytes, found {to}");
    }

    static int Frame(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        int from = Header(source, out long? length, out bool hasChecksum);
        if (length > destination.Length)
            throw new InvalidDataException($"Zstandard: expected {destination.Length} bytes, found {length} announced");
        ZstandardBlocks decoder = blocks ??= new();
        decoder.Begin();
        written = 0;
        for (bool last = false; !last;)
        {
            if (source.Length - from < 3) throw Cut();
            int header = source[from] | source[from + 1] << 8 | source[from + 2] << 16;
            from += 3;
            last = (header & 1) != 0;
            int size = header >> 3, kind = header >> 1 & 3;
            int taken = kind == 1 ? 1 : size;
            if (kind == 3 || size > ZstandardBlocks.MaxBytes)
                throw new InvalidDataException(
                    $"Zstandard: expected a block of {ZstandardBlocks.MaxBytes} bytes at most, found {size}");
            if (taken > source.Length - from) throw Cut();
            if (kind < 2 && size > destination.Length - written)
                throw new InvalidDataException($"Zstandard: expected {destination.Length} bytes, found more");
            ReadOnlySpan<byte> block = source.Slice(from, taken);
            from += taken;
            if (kind == 0) block.CopyTo(destination[written..]);
            else if (kind == 1) destination.Slice(written, size).Fill(block[0]);
            else size = decoder.Decode(block, destination, written);
            written += size;
        }
        if (length is not null && length != written)
            throw new InvalidDataException($"Zstandard: expected {length} bytes as announced, found {written}");
        if (!hasChecksum) return from;
        if (source.Length - from < 4) throw Cut();
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(source[from..]),
            found = (uint)XxHash64.Of(destination[..written]);
        if (found != expected) throw new InvalidDataException($"Zstandard: expected checksum {expected:x8}, found {found:x8}");
        return from + 4;
    }

    static int Header(ReadOnlySpan<byte> source, out long? length, out bool hasChecksum)
    {
        if (source.Length < 6) throw Cut();
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (magic != Magic) throw new InvalidDataException($"Zstandard: expected a frame, found {magic:x8}");
        int descriptor = source[4], at = 5;
        hasChecksum = (descriptor & 4) != 0;
        bool single = (descriptor & 32) != 0;
        if ((descriptor & 8) != 0) throw new InvalidDataException("Zstandard: expected a reserved bit of 0, found 1");
        if (!single) at++; // the window: the whole output is at hand, so it does not matter
        int dictionaryBytes = (descriptor & 3) switch { 3 => 4, int bytes => bytes };
        int lengthBytes = (descriptor >> 6) switch { 0 => single ? 1 : 0, int log => 1 << log };
        if (source.Length - at < dictionaryBytes + lengthBytes) throw Cut();
        if (source.Slice(at, dictionaryBytes).ContainsAnyExcept((byte)0))
            throw new NotSupportedException("Zstandard: the data needs a dictionary, which is not supported");
        at += dictionaryBytes;
        ulong value = 0;
        for (int i = 0; i < lengthBytes; i++) value |= (ulong)source[at + i] << 8 * i;
        if (lengthBytes == 2) value += 256;
        if (value > long.MaxValue) throw new InvalidDataException($"Zstandard: expected a length, found {value}");
        length = lengthBytes == 0 ? null : (long)value;
        return at + lengthBytes;
    }

    static bool IsSkippable(ReadOnlySpan<byte> source) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(source) & ~15u) == SkippableMagic;

    static InvalidDataException Cut() => new("Zstandard: expected more data, found its end");
}
