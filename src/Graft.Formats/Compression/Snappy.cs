using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>The raw (unframed) Snappy format: google/snappy, format_description.txt.</summary>
static class Snappy
{
    const int TableBits = 14;
    const int BlockBytes = 1 << 16; // offsets of two bytes always reach

    /// <summary>The length after decoding, which the data begins with.</summary>
    /// <exception cref="InvalidDataException">It is cut or absurd.</exception>
    public static int DecodedLength(ReadOnlySpan<byte> source, out int headerBytes)
    {
        uint length = 0;
        for (int i = 0; i < 5 && i < source.Length; i++)
        {
            length |= (uint)(source[i] & 127) << 7 * i;
            if (source[i] >= 128) continue;
            if (length > int.MaxValue || i == 4 && source[i] > 15) break;
            headerBytes = i + 1;
            return (int)length;
        }
        throw new InvalidDataException("Snappy: expected a length below 2 GiB, found something else");
    }

    /// <summary>Decodes all of <paramref name="source"/>, which must fill <paramref name="destination"/> exactly.</summary>
    /// <exception cref="InvalidDataException">It does not, or is damaged.</exception>
    public static void Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int length = DecodedLength(source, out int from);
        if (length != destination.Length)
            throw new InvalidDataException($"Snappy: expected {destination.Length} bytes, found {length} announced");
        int to = 0;
        while (from < source.Length)
        {
            int tag = source[from++];
            int count, offset;
            switch (tag & 3)
            {
                case 0:
                    count = tag >> 2;
                    if (count >= 60)
                    {
                        int wide = count - 59;
                        if (source.Length - from < wide) throw Cut();
                        count = 0;
                        for (int i = 0; i < wide; i++) count |= source[from + i] << 8 * i;
                        from += wide;
                    }
                    if ((uint)count >= (uint)(source.Length - from)) throw Cut();
                    count++;
                    if (count > destination.Length - to)
                        throw new InvalidDataException($"Snappy: expected {destination.Length} bytes, found more");
                    source.Slice(from, count).CopyTo(destination[to..]);
                    from += count;
                    to += count;
                    continue;
                case 1:
                    if (from >= source.Length) throw Cut();
                    count = 4 + (tag >> 2 & 7);
                    offset = tag >> 5 << 8 | source[from++];
                    break;
                case 2:
                    if (source.Length - from < 2) throw Cut();
                    count = 1 + (tag >> 2);
                    offset = BinaryPrimitives.ReadUInt16LittleEndian(source[from..]);
                    from += 2;
                    break;
                default:
                    if (source.Length - from < 4) throw Cut();
                    count = 1 + (tag >> 2);
                    offset = BinaryPrimitives.ReadInt32LittleEndian(source[from..]);
                    from += 4;
                    break;
            }
            MatchCopy.Copy(destination, to, offset, count);
            to += count;
        }
        if (to != destination.Length)
            throw new InvalidDataException($"Snappy: expected {destination.Length} bytes, found {to}");
    }

    /// <summary>The most that <paramref name="length"/> bytes can grow to.</summary>
    public static int MaxEncodedLength(int length) => checked(32 + length + length / 6);

    /// <summary>Encodes greedily, by one hash table of four bytes, as the reference does.</summary>
    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int to = 0;
        for (uint rest = (uint)source.Length; ; rest >>= 7)
        {
            destination[to++] = (byte)(rest < 128 ? rest : rest | 128);
            if (rest < 128) break;
        }
        int[] table = new int[1 << TableBits];
        for (int start = 0; start < source.Length; start += BlockBytes)
        {
            ReadOnlySpan<byte> block = source.Slice(start, Math.Min(BlockBytes, source.Length - start));
            to += EncodeBlock(block, destination[to..], table);
        }
        return to;
    }

    static int EncodeBlock(ReadOnlySpan<byte> block, Span<byte> destination, int[] table)
    {
        Array.Fill(table, -1);
        int to = 0, written = 0, at = 0, misses = 32;
        while (at + 4 <= block.Length)
        {
            uint here = BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
            ref int slot = ref table[here * 0x1E35A7BDu >> 32 - TableBits];
            int before = slot;
            slot = at;
            if (before < 0 || BinaryPrimitives.ReadUInt32LittleEndian(block[before..]) != here)
            {
                at += misses++ >> 5; // what does not repeat is passed over faster and faster
                continue;
            }
            misses = 32;
            int length = 4 + block[(at + 4)..].CommonPrefixLength(block[(before + 4)..]);
            to += Literal(block[written..at], destination[to..]);
            to += Copies(at - before, length, destination[to..]);
            at += length;
            written = at;
        }
        return to + Literal(block[written..], destination[to..]);
    }

    static int Literal(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (bytes.Length == 0) return 0;
        int count = bytes.Length - 1, header = 1;
        if (count < 60) destination[0] = (byte)(count << 2);
        else if (count < 256)
        {
            destination[0] = 60 << 2;
            destination[1] = (byte)count;
            header = 2;
        }
        else
        {
            destination[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)count);
            header = 3;
        }
        bytes.CopyTo(destination[header..]);
        return header + bytes.Length;
    }

    static int Copies(int offset, int length, Span<byte> destination)
    {
        int to = 0;
        while (length > 0)
        {
            int part = Math.Min(length, 64);
            destination[to] = (byte)(part - 1 << 2 | 2);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(to + 1)..], (ushort)offset);
            to += 3;
            length -= part;
        }
        return to;
    }

    static InvalidDataException Cut() => new("Snappy: expected more data, found its end");
}
