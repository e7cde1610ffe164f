using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>The Huffman code of Zstandard's literals (RFC 8878, 4.2).</summary>
sealed class HuffmanTable
{
    const int MaxBits = 11;

    readonly FiniteStateTable weightStates = new(maxLog: 6);
    readonly byte[] weights = new byte[256];

    /// <summary>By the next <see cref="bits"/> bits: symbol in the low byte, its length in the high one.</summary>
    readonly ushort[] codes = new ushort[1 << MaxBits];

    int bits;

    /// <summary>False until it has been read.</summary>
    public bool Ready { get; set; }

    /// <summary>Reads the code's description, which begins at <paramref name="from"/>.</summary>
    /// <returns>The bytes that it takes.</returns>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public int Read(Span<byte> buffer, int from)
    {
        if (from >= buffer.Length) throw Bad();
        int header = buffer[from], taken, count;
        if (header >= 128)
        {
            count = header - 127;
            taken = 1 + (count + 1 >> 1);
            if (taken > buffer.Length - from) throw Bad();
            for (int i = 0; i < count; i++)
            {
                byte pair = buffer[from + 1 + (i >> 1)];
                weights[i] = (byte)((i & 1) == 0 ? pair >> 4 : pair & 15);
            }
        }
        else
        {
            taken = 1 + header;
            if (taken > buffer.Length - from) throw Bad();
            count = ReadWeights(buffer, from + 1, header);
        }
        Build(count);
        return taken;
    }

    /// <summary>Weights coded by two states in turn, until the bits run out.</summary>
    int ReadWeights(Span<byte> buffer, int from, int length)
    {
        int table = weightStates.Read(buffer.Slice(from, length), maxSymbol: 255);
        BackwardBits stream = new(buffer, from + table, length - table);
        FiniteStateTable.Cell[] cells = weightStates.Cells;
        int first = stream.Read(weightStates.Log), second = stream.Read(weightStates.Log);
        for (int count = 0; count < 254;)
        {
            weights[count++] = cells[first].Symbol;
            first = cells[first].Base + stream.Read(cells[first].Bits);
            if (stream.Left < 0)
            {
                weights[count++] = cells[second].Symbol;
                return count;
            }
            (first, second) = (second, first);
        }
        throw Bad();
    }

    void Build(int count)
    {
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            if (weights[i] > MaxBits) throw Bad();
            total += 1 << weights[i] >> 1;
        }
        if (total == 0) throw Bad();
        // The last symbol's weight is what is missing to the next power of two.
        bits = BitOperations.Log2((uint)total) + 1;
        int missing = (1 << bits) - total;
        if (bits > MaxBits || !BitOperations.IsPow2(missing)) throw Bad();
        weights[count++] = (byte)(BitOperations.Log2((uint)missing) + 1);

        int at = 0;
        for (int weight = 1; weight <= bits; weight++)
            for (int symbol = 0; symbol < count; symbol++)
            {
                if (weights[symbol] != weight) continue;
                codes.AsSpan(at, 1 << weight - 1).Fill((ushort)(bits + 1 - weight << 8 | symbol));
                at += 1 << weight - 1;
            }
        Ready = true;
    }

    /// <summary>Decodes one stream into all of <paramref name="output"/>.</summary>
    /// <exception cref="InvalidDataException">It holds more or fewer symbols.</exception>
    public void Decode(Span<byte> buffer, int from, int length, Span<byte> output)
    {
        BackwardBits stream = new(buffer, from, length);
        Rest(ref stream, output);
    }

    /// <summary>
    /// Decodes four streams into quarters of <paramref name="output"/>, side by side: each waits for its own last code only.
    /// </summary>
    /// <param name="buffer">What the streams lie in, one after the other.</param>
    /// <param name="from">Where the first begins.</param>
    /// <param name="lengths">Their bytes.</param>
    /// <param name="output">A quarter for each, rounded up but for the last, which takes what is left.</param>
    /// <exception cref="InvalidDataException">They hold more or fewer symbols.</exception>
    public void DecodeFour(Span<byte> buffer, int from, (int A, int B, int C, int D) lengths, Span<byte> output)
    {
        BackwardBits a = new(buffer, from, lengths.A), b = new(buffer, from += lengths.A, lengths.B);
        BackwardBits c = new(buffer, from += lengths.B, lengths.C), d = new(buffer, from + lengths.C, lengths.D);
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(codes);
        int shift = 64 - bits, part = (output.Length + 3) / 4, i = 0;
        for (int last = output.Length - 3 * part - 5; i <= last && (a.Left | b.Left | c.Left | d.Left) >= 0; i += 5)
        {
            ref byte to = ref output[i];
            Five(ref a, ref table, shift, ref to);
            Five(ref b, ref table, shift, ref Unsafe.Add(ref to, part));
            Five(ref c, ref table, shift, ref Unsafe.Add(ref to, 2 * part));
            Five(ref d, ref table, shift, ref Unsafe.Add(ref to, 3 * part));
        }
        Rest(ref a, output[i..part]);
        Rest(ref b, output[(part + i)..(2 * part)]);
        Rest(ref c, output[(2 * part + i)..(3 * part)]);
        Rest(ref d, output[(3 * part + i)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Five(ref BackwardBits stream, ref ushort table, int shift, ref byte to)
    {
        ulong window = stream.Window; // enough for five codes
        int first = Unsafe.Add(ref table, (nint)(window >> shift));
        window <<= first >> 8;
        int second = Unsafe.Add(ref table, (nint)(window >> shift));
        window <<= second >> 8;
        int third = Unsafe.Add(ref table, (nint)(window >> shift));
        window <<= third >> 8;
        int fourth = Unsafe.Add(ref table, (nint)(window >> shift));
        window <<= fourth >> 8;
        int fifth = Unsafe.Add(ref table, (nint)(window >> shift));
        stream.Skip((first >> 8) + (second >> 8) + (third >> 8) + (fourth >> 8) + (fifth >> 8));
        to = (byte)first;
        Unsafe.Add(ref to, 1) = (byte)second;
        Unsafe.Add(ref to, 2) = (byte)third;
        Unsafe.Add(ref to, 3) = (byte)fourth;
        Unsafe.Add(ref to, 4) = (byte)fifth;
    }

    void Rest(ref BackwardBits stream, Span<byte> output)
    {
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(codes);
        int shift = 64 - bits, i = 0;
        for (; i <= output.Length - 5 && stream.Left >= 0; i += 5) Five(ref stream, ref table, shift, ref output[i]);
        for (; i < output.Length && stream.Left >= 0; i++)
        {
            int code = Unsafe.Add(ref table, (nint)(stream.Window >> shift));
            stream.Skip(code >> 8);
            output[i] = (byte)code;
        }
        if (i < output.Length || stream.Left != 0)
            throw new InvalidDataException($"Zstandard: expected {output.Length} literals in their bits, found more or fewer");
    }

    static InvalidDataException Bad() => new("Zstandard: expected a Huffman code, found one that does not add up");
}
