using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Graft.Formats;

/// <summary>Compressed blocks of Zstandard (RFC 8878, 3.1.1.3), with what one block of a frame leaves to the next.</summary>
sealed class ZstandardBlocks
{
    /// <summary>The most that a block takes, and the most that it gives.</summary>
    public const int MaxBytes = 128 << 10;

    const int Lane = 16;

    const int MaxOffsetCode = 31;

    static readonly (int, byte)[] literalValues = Values(0,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

    static readonly (int, byte)[] matchValues = Values(3,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

    static readonly FiniteStateTable defaultLiterals = Filled(6, literalValues,
        [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);

    static readonly FiniteStateTable defaultMatches = Filled(6, matchValues,
        [1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1]);

    static readonly FiniteStateTable defaultOffsets = Filled(5, null,
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    readonly byte[] scratch = new byte[BackwardBits.Margin + MaxBytes]; // the block, where bits can be read backwards
    readonly byte[] literals = new byte[MaxBytes + Lane]; // so that a few can be copied as a whole lane
    readonly HuffmanTable huffman = new();
    readonly FiniteStateTable ownLiterals = new(9, literalValues), ownOffsets = new(8), ownMatches = new(9, matchValues);
    FiniteStateTable? literalStates, offsetStates, matchStates;
    int recent1, recent2, recent3;

    static FiniteStateTable Filled(int log, (int, byte)[]? values, short[] counts)
    {
        FiniteStateTable table = new(log, values);
        table.Fill(counts, log);
        return table;
    }

    /// <summary>Each code stands for the numbers that follow those of the code before, as many as its bits tell apart.</summary>
    static (int, byte)[] Values(int first, byte[] bits)
    {
        (int, byte)[] values = new (int, byte)[bits.Length];
        for (int code = 0; code < bits.Length; first += 1 << bits[code++]) values[code] = (first, bits[code]);
        return values;
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
            literalStates = States(modes >> 6, literalStates, defaultLiterals, ownLiterals, literalValues.Length - 1, buffer,
                ref at);
            offsetStates = States(modes >> 4 & 3, offsetStates, defaultOffsets, ownOffsets, MaxOffsetCode, buffer, ref at);
            matchStates = States(modes >> 2 & 3, matchStates, defaultMatches, ownMatches, matchValues.Length - 1, buffer, ref at);
            BackwardBits bits = new(buffer, at, buffer.Length - at);
            Sequences(bits, count, literalCount, ref used, output, ref to);
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
            if (a + b + c > end - at || (decoded + 3) / 4 * 3 > decoded) throw Bad("four streams of literals");
            huffman.DecodeFour(buffer, at, (a, b, c, end - at - a - b - c), output);
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

    void Sequences(BackwardBits bits, int count, int literalCount, ref int used, Span<byte> output, ref int to)
    {
        ref FiniteStateTable.Cell literalCells = ref MemoryMarshal.GetArrayDataReference(literalStates!.Cells);
        ref FiniteStateTable.Cell offsetCells = ref MemoryMarshal.GetArrayDataReference(offsetStates!.Cells);
        ref FiniteStateTable.Cell matchCells = ref MemoryMarshal.GetArrayDataReference(matchStates!.Cells);
        ref byte source = ref MemoryMarshal.GetArrayDataReference(literals);
        int literalState = bits.Read(literalStates.Log), offsetState = bits.Read(offsetStates.Log);
        int matchState = bits.Read(matchStates.Log);
        int from = used, at = to;
        for (int i = 0; ; i++)
        {
            if (bits.Left < 0) throw Bad("bits for all sequences");
            ref FiniteStateTable.Cell literal = ref Unsafe.Add(ref literalCells, literalState);
            ref FiniteStateTable.Cell match = ref Unsafe.Add(ref matchCells, matchState);
            ref FiniteStateTable.Cell far = ref Unsafe.Add(ref offsetCells, offsetState);
            uint value = (1u << far.Symbol) + (uint)bits.Read(far.Symbol);
            int length = match.Value + bits.Read(match.ValueBits);
            int plain = literal.Value + bits.Read(literal.ValueBits);
            int offset = Offset(value, plain == 0);

            if (plain > literalCount - from || plain > output.Length - at) throw Bad("room for a sequence's literals");
            if (plain <= Lane && at <= output.Length - Lane)
                Vector128.LoadUnsafe(ref source, (nuint)from).StoreUnsafe(ref MemoryMarshal.GetReference(output), (nuint)at);
            else literals.AsSpan(from, plain).CopyTo(output[at..]);
            from += plain;
            at += plain;
            MatchCopy.Copy(output, at, offset, length);
            at += length;

            if (i == count - 1) break;
            literalState = literal.Base + bits.Read(literal.Bits);
            matchState = match.Base + bits.Read(match.Bits);
            offsetState = far.Base + bits.Read(far.Bits);
        }
        if (bits.Left != 0) throw Bad("sequences that take all their bits");
        (used, to) = (from, at);
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

    static InvalidDataException Bad(string expected) => new($"Zstandard: expected {expected}, found damage");
}
