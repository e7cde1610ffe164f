namespace Graft.Data;

/// <summary>
/// Label Studio's brushes: the picture's red, green, blue and alpha bytes packed by thi.ng's rle-pack, a stream of bits. First
/// how many values there are (32 bits), bits a value less one (5), four lengths of counters less one (4 each); then blocks:
/// whether one value is repeated (1), which counter follows (2), how many less one, and the value or values.
/// </summary>
static class BrushRuns
{
    /// <summary>The painted pixels as lengths of runs down the columns, outside first.</summary>
    /// <param name="packed">the bytes</param>
    /// <param name="width">of the picture</param>
    /// <param name="height">of the picture</param>
    /// <exception cref="FormatException">They are cut short, or of another size.</exception>
    public static int[] Decode(ReadOnlySpan<byte> packed, int width, int height)
    {
        byte[] alpha = Unpack(packed, (long)width * height * 4, every: 4, from: 3); // along the rows
        List<int> runs = [];
        bool inside = false;
        int length = 0;
        for (int x = 0; x < width; x++)
            for (int y = 0; y < height; y++, length++)
            {
                if (alpha[(long)y * width + x] > 0 == inside) continue;
                runs.Add(length);
                (inside, length) = (!inside, 0);
            }
        runs.Add(length);
        return [.. runs];
    }

    /// <summary>Some of the values.</summary>
    /// <param name="packed">the bytes</param>
    /// <param name="expected">how many values there must be</param>
    /// <param name="every">how far apart the wanted ones are</param>
    /// <param name="from">the first that is wanted</param>
    internal static byte[] Unpack(ReadOnlySpan<byte> packed, long expected, int every, int from)
    {
        Bits bits = new(packed);
        long count = bits.Read(32);
        if (count != expected) throw new FormatException($"brush: expected {expected} values, found {count}.");
        int wordSize = (int)bits.Read(5) + 1;
        Span<int> sizes = stackalloc int[4];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = (int)bits.Read(4) + 1;
        byte[] wanted = new byte[count / every];
        for (long at = 0; at < count;)
        {
            bool repeated = bits.Read(1) == 1;
            long end = Math.Min(count, at + 1 + bits.Read(sizes[(int)bits.Read(2)]));
            uint value = repeated ? bits.Read(wordSize) : 0;
            for (; at < end; at++)
            {
                if (!repeated) value = bits.Read(wordSize);
                if (at % every == from) wanted[at / every] = (byte)value;
            }
        }
        return wanted;
    }

    ref struct Bits(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> bytes = bytes;
        long at;

        public uint Read(int count)
        {
            uint value = 0;
            for (int i = 0; i < count; i++, at++)
            {
                if (at >> 3 >= bytes.Length) throw new FormatException("brush: the data ends before the picture does.");
                value = value << 1 | (uint)(bytes[(int)(at >> 3)] >> (7 - (int)(at & 7)) & 1);
            }
            return value;
        }
    }
}
