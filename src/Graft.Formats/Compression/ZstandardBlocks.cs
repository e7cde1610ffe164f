using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>Compressed blocks of Zstandard (RFC 8878, 3.1.1.3), with what one block of a frame leaves to the next.</summary>
sealed class ZstandardBlocks
{
    /// <summary>The most that a block takes, and the most that it gives.</summary>
    public const int MaxBytes = 128 << 10;

    static readonly FiniteStateTable defaultLiterals = Filled(6,
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);

    static readonly FiniteStateTable defaultMatches = Filled(6,
        [1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1]);

    static readonly FiniteStateTable defaultOffsets = Filled(5,
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    static readonly int[] literalBase =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048,
            4096, 8192, 16384, 32768, 65536];

    static readonly byte[] literalBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    static readonly int[] matchBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
            35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539];

    static readonly byte[] matchBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    const int MaxOffsetCode = 31;

    readonly byte[] scratch = new byte[BackwardBits.Margin + MaxBytes]; // the block, where bits can be read backwards
    readonly byte[] literals = new byte[MaxBytes];
    readonly HuffmanTable huffman = new();
    readonly FiniteStateTable ownLiterals = new(9), ownOffsets = new(8), ownMatches = new(9);
    FiniteStateTable? literalStates, offsetStates, matchStates;
    int recent1, recent2, recent3;

    static FiniteStateTable Filled(int log, short[] counts)
    {
        FiniteStateTable table = new(log);
        table.Fill(counts, log);
        return table;
    }

    /// <summary>Begins a frame.</summary>
    public void Begin()
    {
        huffman.Ready = false;
        literalStates = offsetStates = matchStates = null;
        (recent1, recent2, recent3) = (1, 4, 8);
    }

    /// <summary>Decodes one block behind what the frame has written already.</summary>
    /// <returns>The bytes written.</returns>
    /// <exception cref="InvalidDataException">It is damaged, or more than <paramref name="destination"/> holds.</exception>
    public int Decode(ReadOnlySpan<byte> block, Span<byte> destination, int written)
    {
        block.CopyTo(scratch.AsSpan(BackwardBits.Margin));
        Span<byte> buffer = scratch.AsSpan(0, BackwardBits.Margin + block.Length);
        int at = BackwardBits.Margin;
        int literalCount = Literals(buffer, ref at);
        int count = SequenceCount(buffer, ref at);
        // A block gives MaxBytes at most, whatever is left of the output.
        Span<byte> output = destination[..(int)Math.Min(destination.Length, (long)written + MaxBytes)];
        int to = written, used = 0;
        if (count > 0)
        {
            int modes = Next(buffer, ref at);
            if ((modes & 3) != 0) throw Bad("reserved bits of 0 in a block's modes");
            literalStates = States(modes >> 6, literalStates, defaultLiterals, ownLiterals, literalBase.Length - 1, buffer,
                ref at);
            offsetStates = States(modes >> 4 & 3, offsetStates, defaultOffsets, ownOffsets, MaxOffsetCode, buffer, ref at);
            matchStates = States(modes >> 2 & 3, matchStates, defaultMatches, ownMatches, matchBase.Length - 1, buffer, ref at);
            BackwardBits bits = new(buffer, at, buffer.Length - at);
            Sequences(ref bits, count, literals.AsSpan(0, literalCount), ref used, output, ref to);
        }
        else if (at != buffer.Length) throw Bad("a block's end after its literals");
        ReadOnlySpan<byte> rest = literals.AsSpan(used, literalCount - used);
        if (rest.Length > output.Length - to) throw Bad("room for a block's last literals");
        rest.CopyTo(output[to..]);
        return to + rest.Length - written;
    }

    /// <summary>Fills <see cref="literals"/>.</summary>
    int Literals(Span<byte> buffer, ref int at)
    {
        int first = Next(buffer, ref at), kind = first & 3, format = first >> 2 & 3;
        if (kind < 2)
        {
            int size = format switch
            {
                1 => first >> 4 | Next(buffer, ref at) << 4,
                3 => first >> 4 | Next(buffer, ref at) << 4 | Next(buffer, ref at) << 12,
                _ => first >> 3,
            };
            int taken = kind == 0 ? size : 1;
            if (size > MaxBytes || taken > buffer.Length - at) throw Bad("literals within their block");
            if (kind == 0) buffer.Slice(at, size).CopyTo(literals);
            else literals.AsSpan(0, size).Fill(buffer[at]);
            at += taken;
            return size;
        }

        int width = format switch { 2 => 14, 3 => 18, _ => 10 };
        long header = first;
        for (int i = 1; i < (4 + 2 * width + 7) / 8; i++) header |= (long)Next(buffer, ref at) << 8 * i;
        int decoded = (int)(header >> 4) & (1 << width) - 1, encoded = (int)(header >> 4 + width) & (1 << width) - 1;
        if (decoded > MaxBytes || encoded > buffer.Length - at) throw Bad("literals within their block");
        int end = at + encoded;
        if (kind == 2) at += huffman.Read(buffer[..end], at);
        else if (!huffman.Ready) throw Bad("a Huffman code before the block that repeats it");
        Span<byte> output = literals.AsSpan(0, decoded);
        if (format == 0) huffman.Decode(buffer, at, end - at, output);
        else
        {
            if (end - at < 6) throw Bad("four streams of literals");
            int a = buffer[at] | buffer[at + 1] << 8, b = buffer[at + 2] | buffer[at + 3] << 8,
                c = buffer[at + 4] | buffer[at + 5] << 8;
            at += 6;
            int part = (decoded + 3) / 4;
            if (a + b + c > end - at || 3 * part > decoded) throw Bad("four streams of literals");
            huffman.Decode(buffer, at, a, output[..part]);
            huffman.Decode(buffer, at + a, b, output.Slice(part, part));
            huffman.Decode(buffer, at + a + b, c, output.Slice(2 * part, part));
            huffman.Decode(buffer, at + a + b + c, end - at - a - b - c, output[(3 * part)..]);
        }
        at = end;
        return decoded;
    }

    static int SequenceCount(Span<byte> buffer, ref int at)
    {
        int first = Next(buffer, ref at);
        return first switch
        {
            < 128 => first,
            < 255 => (first - 128 << 8) + Next(buffer, ref at),
            _ => Next(buffer, ref at) + (Next(buffer, ref at) << 8) + 0x7F00,
        };
    }

    static FiniteStateTable States(
        int mode, FiniteStateTable? before, FiniteStateTable predefined, FiniteStateTable own, int maxSymbol, Span<byte> buffer,
            ref int at)
    {
        switch (mode)
        {
            case 0:
                return predefined;
            case 1:
                int symbol = Next(buffer, ref at);
                if (symbol > maxSymbol) throw Bad($"a code up to {maxSymbol}");
                own.SetSingle((byte)symbol);
                return own;
            case 2:
                at += own.Read(buffer[at..], maxSymbol);
                return own;
            default:
                return before ?? throw Bad("a table before the block that repeats it");
        }
    }

    void Sequences(ref BackwardBits bits, int count, ReadOnlySpan<byte> literals, ref int used, Span<byte> output, ref int to)
    {
        ref FiniteStateTable.Cell literalCells = ref MemoryMarshal.GetArrayDataReference(literalStates!.Cells);
        ref FiniteStateTable.Cell offsetCells = ref MemoryMarshal.GetArrayDataReference(offsetStates!.Cells);
        ref FiniteStateTable.Cell matchCells = ref MemoryMarshal.GetArrayDataReference(matchStates!.Cells);
        int literalState = bits.Read(literalStates.Log), offsetState = bits.Read(offsetStates.Log);
        int matchState = bits.Read(matchStates.Log);
        for (int i = 0; ; i++)
        {
            if (bits.Left < 0) throw Bad("bits for all sequences");
            FiniteStateTable.Cell literal = Unsafe.Add(ref literalCells, literalState);
            FiniteStateTable.Cell match = Unsafe.Add(ref matchCells, matchState);
            FiniteStateTable.Cell far = Unsafe.Add(ref offsetCells, offsetState);
            uint value = (1u << far.Symbol) + (uint)bits.Read(far.Symbol);
            int length = matchBase[match.Symbol] + bits.Read(matchBits[match.Symbol]);
            int plain = literalBase[literal.Symbol] + bits.Read(literalBits[literal.Symbol]);
            int offset = Offset(value, plain == 0);

            if (plain > literals.Length - used || plain > output.Length - to) throw Bad("room for a sequence's literals");
            literals.Slice(used, plain).CopyTo(output[to..]);
            used += plain;
            to += plain;
            MatchCopy.Copy(output, to, offset, length);
            to += length;

            if (i == count - 1) break;
            literalState = literal.Base + bits.Read(literal.Bits);
            matchState = match.Base + bits.Read(match.Bits);
            offsetState = far.Base + bits.Read(far.Bits);
        }
        if (bits.Left != 0) throw Bad("sequences that take all their bits");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Offset(uint value, bool noLiterals)
    {
        if (value > 3)
        {
            // Up to 2^32 - 1 as coded; what lies before the output is refused by the copy.
            int offset = (int)Math.Min(value - 3, int.MaxValue);
            (recent1, recent2, recent3) = (offset, recent1, recent2);
            return offset;
        }
        int which = (int)value - 1 + (noLiterals ? 1 : 0);
        int again = which switch { 0 => recent1, 1 => recent2, 2 => recent3, _ => recent1 - 1 };
        if (which == 1) (recent1, recent2) = (again, recent1);
        else if (which > 1) (recent1, recent2, recent3) = (again, recent1, recent2);
        return again;
    }

    static int Next(Span<byte> buffer, ref int at) =>
        at < buffer.Length ? buffer[at++] : throw new InvalidDataException("Zstandard: expected more of a block, found its end");

    static InvalidDataException Bad(string expected) => new($"Zstandard: expected {expected}, found others");
}
