using System.Numerics;

namespace Graft.Formats;

/// <summary>A decoding table of Zstandard's finite state entropy coder (RFC 8878, 4.1).</summary>
sealed class FiniteStateTable
{
    readonly short[] counts = new short[256];
    readonly int[] next = new int[256];

    readonly (int Value, byte Bits)[]? values;

    /// <param name="maxLog">The largest table that this one may have to hold, as a power of two.</param>
    /// <param name="values">What each symbol stands for, to put into the cells; null where it stands for itself.</param>
    public FiniteStateTable(int maxLog, (int Value, byte Bits)[]? values = null)
    {
        this.values = values;
        MaxLog = maxLog;
        Cells = new Cell[1 << maxLog];
    }

    /// <summary>
    /// One state: its symbol, how to come to the next state (<see cref="Base"/> and as many bits), and what the symbol stands for
    /// (<see cref="Value"/> and as many bits; only where the table was given values).
    /// </summary>
    public struct Cell
    {
        public int Value;
        public ushort Base;
        public byte Bits;
        public byte ValueBits;
        public byte Symbol;
    }

    public int MaxLog { get; }

    /// <summary>The states; the first 2^<see cref="Log"/> are valid, and every next state is among them.</summary>
    public Cell[] Cells { get; }

    public int Log { get; private set; }

    /// <summary>One symbol that takes no bits.</summary>
    public void SetSingle(byte symbol)
    {
        Log = 0;
        Cells[0] = new() { Symbol = symbol };
        SetValues();
    }

    /// <summary>Looks the symbols' values up once, not for every sequence.</summary>
    void SetValues()
    {
        if (values is null) return;
        foreach (ref Cell cell in Cells.AsSpan(0, 1 << Log)) (cell.Value, cell.ValueBits) = values[cell.Symbol];
    }

    /// <summary>Reads a table's description.</summary>
    /// <param name="source">Begins with it.</param>
    /// <param name="maxSymbol">The largest symbol that it may have; there must be a value for each.</param>
    /// <returns>The bytes that it takes.</returns>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public int Read(ReadOnlySpan<byte> source, int maxSymbol)
    {
        int bit = 0;
        int log = Bits(source, ref bit, 4) + 5;
        if (log > MaxLog)
            throw new InvalidDataException($"Zstandard: expected a table of 2^{MaxLog} states at most, found 2^{log}");
        int left = 1 << log, symbol = 0;
        while (left > 0)
        {
            if (symbol > maxSymbol) throw Bad();
            // Values are below left + 2; the smaller of them take a bit less.
            int width = BitOperations.Log2((uint)left + 1) + 1;
            int value = Bits(source, ref bit, width);
            int lower = value & (1 << width - 1) - 1, spare = (1 << width) - 1 - (left + 1);
            if (lower < spare)
            {
                bit--;
                value = lower;
            }
            else if (value >= 1 << width - 1) value -= spare;
            int count = value - 1;
            left -= Math.Abs(count);
            counts[symbol++] = (short)count;
            if (count != 0) continue;
            int zeros;
            do
            {
                zeros = Bits(source, ref bit, 2);
                for (int i = 0; i < zeros; i++)
                {
                    if (symbol > maxSymbol) throw Bad();
                    counts[symbol++] = 0;
                }
            }
            while (zeros == 3);
        }
        if (left != 0) throw Bad();
        Fill(counts.AsSpan(0, symbol), log);
        return bit + 7 >> 3;
    }

    /// <summary>Spreads the symbols over the states by their counts, which sum to 2^log (-1 counts as a rare one).</summary>
    public void Fill(ReadOnlySpan<short> counts, int log)
    {
        int size = 1 << log, high = size;
        Span<Cell> cells = Cells.AsSpan(0, size);
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = counts[symbol];
            if (counts[symbol] != -1) continue;
            cells[--high].Symbol = (byte)symbol;
            next[symbol] = 1;
        }
        int step = (size >> 1) + (size >> 3) + 3, at = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
            for (int i = 0; i < counts[symbol]; i++)
            {
                cells[at].Symbol = (byte)symbol;
                do at = at + step & size - 1;
                while (at >= high);
            }
        for (int i = 0; i < size; i++)
        {
            int state = next[cells[i].Symbol]++;
            int bits = log - BitOperations.Log2((uint)state);
            cells[i].Bits = (byte)bits;
            cells[i].Base = (ushort)((state << bits) - size);
        }
        Log = log;
        SetValues();
    }

    static int Bits(ReadOnlySpan<byte> source, ref int bit, int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, bit++)
        {
            if (bit >> 3 >= source.Length) throw new InvalidDataException("Zstandard: expected a table of states, found its end");
            value |= (source[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }

    static InvalidDataException Bad() => new("Zstandard: expected a table of states, found counts that do not add up");
}
