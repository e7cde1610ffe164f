using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>LZ4's block format (lz4/lz4, doc/lz4_Block_format.md), and the frames that Hadoop puts around blocks.</summary>
static class Lz4Block
{
    const int MinimumMatch = 4;

    /// <summary>More than this a block cannot grow: one byte stands for at most 255.</summary>
    public const int MaxExpansion = 255;

    /// <summary>Decodes one block, which must fill <paramref name="destination"/> exactly.</summary>
    /// <exception cref="InvalidDataException">It does not, or is damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int from = 0, to = 0;
        while (from < source.Length)
        {
            int token = source[from++];
            int count = Length(source, ref from, token >> 4);
            if (count > source.Length - from) throw Cut();
            if (count > destination.Length - to)
                throw new InvalidDataException($"LZ4: expected {destination.Length} bytes, found more");
            source.Slice(from, count).CopyTo(destination[to..]);
            from += count;
            to += count;
            if (from == source.Length) break; // a block ends with literals
            if (source.Length - from < 2) throw Cut();
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(source[from..]);
            from += 2;
            int length = Length(source, ref from, token & 15) + MinimumMatch;
            MatchCopy.Copy(destination, to, offset, length);
            to += length;
        }
        if (to != destination.Length) throw new InvalidDataException($"LZ4: expected {destination.Length} bytes, found {to}");
    }

    /// <summary>Decodes Hadoop's frames: both lengths, big-endian, before each block.</summary>
    /// <returns>False where the data is not framed so.</returns>
    /// <exception cref="InvalidDataException">The frames fit, but a block in them is damaged.</exception>
    public static bool TryDecodeHadoop(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int from = 0;
        long total = 0;
        while (from < source.Length)
        {
            if (!Frame(source, from, out int decoded, out int encoded)) return false;
            total += decoded;
            from += 8 + encoded;
        }
        if (total != destination.Length) return false;
        for (from = 0; from < source.Length;)
        {
            Frame(source, from, out int decoded, out int encoded);
            Decode(source.Slice(from + 8, encoded), destination[..decoded]);
            destination = destination[decoded..];
            from += 8 + encoded;
        }
        return true;
    }

    static bool Frame(ReadOnlySpan<byte> source, int from, out int decoded, out int encoded)
    {
        decoded = encoded = 0;
        if (source.Length - from < 8) return false;
        decoded = BinaryPrimitives.ReadInt32BigEndian(source[from..]);
        encoded = BinaryPrimitives.ReadInt32BigEndian(source[(from + 4)..]);
        return decoded >= 0 && encoded >= 0 && encoded <= source.Length - from - 8;
    }

    static int Length(ReadOnlySpan<byte> source, ref int from, int nibble)
    {
        if (nibble < 15) return nibble;
        int length = 15, more;
        do
        {
            if (from >= source.Length) throw Cut();
            more = source[from++];
            length += more;
            if (length < 0) throw new InvalidDataException("LZ4: expected a length below 2 GiB, found more");
        }
        while (more == 255);
        return length;
    }

    static InvalidDataException Cut() => new("LZ4: expected more data, found its end");
}
