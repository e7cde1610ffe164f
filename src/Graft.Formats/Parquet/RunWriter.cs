using System.Buffers;

namespace Graft.Formats;

/// <summary>Writes Parquet's hybrid of repeated and bit-packed numbers, which <see cref="RunReader"/> reads.</summary>
static class RunWriter
{
    const int Group = 8;

    /// <summary>Appends runs: eight or more equal numbers as one, the others packed.</summary>
    public static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<int> numbers, int width)
    {
        int packedFrom = 0, at = 0;
        while (at < numbers.Length)
        {
            int same = 1;
            while (at + same < numbers.Length && numbers[at + same] == numbers[at]) same++;
            // Packed numbers come in groups, which a run may not break into.
            int filling = (Group - (at - packedFrom) % Group) % Group;
            if (same - filling < Group)
            {
                at += same;
                continue;
            }
            at += filling;
            Pack(output, numbers[packedFrom..at], width);
            Repeat(output, numbers[at], same - filling, width);
            at += same - filling;
            packedFrom = at;
        }
        Pack(output, numbers[packedFrom..], width);
    }

    static void Repeat(ArrayBufferWriter<byte> output, int number, int count, int width)
    {
        Varint(output, (uint)count << 1);
        for (int shift = 0; shift < width; shift += 8) Byte(output, (byte)(number >> shift));
    }

    static void Pack(ArrayBufferWriter<byte> output, ReadOnlySpan<int> numbers, int width)
    {
        if (numbers.Length == 0) return;
        int groups = (numbers.Length + Group - 1) / Group;
        Varint(output, (uint)groups << 1 | 1);
        ulong bits = 0;
        int held = 0;
        for (int i = 0; i < groups * Group; i++)
        {
            bits |= (ulong)(uint)(i < numbers.Length ? numbers[i] : 0) << held;
            for (held += width; held >= 8; held -= 8, bits >>= 8) Byte(output, (byte)bits);
        }
    }

    static void Varint(ArrayBufferWriter<byte> output, uint value)
    {
        for (; value >= 128; value >>= 7) Byte(output, (byte)(value | 128));
        Byte(output, (byte)value);
    }

    static void Byte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
