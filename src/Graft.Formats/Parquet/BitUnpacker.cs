using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>Numbers of a few bits each, one after the other from the lowest bit on.</summary>
static class BitUnpacker
{
    /// <summary>Numbers of up to 32 bits that fit an <see cref="int"/>'s bits.</summary>
    /// <param name="source">At least as many bits as are asked for.</param>
    /// <param name="width">Bits of each, 0 to 32.</param>
    /// <param name="first">How many to pass over.</param>
    /// <param name="output">What to fill.</param>
    public static void Unpack(ReadOnlySpan<byte> source, int width, int first, Span<int> output)
    {
        ulong mask = (1UL << width) - 1;
        long bit = (long)first * width;
        for (int i = 0; i < output.Length; i++, bit += width)
            output[i] = (int)(Word(source, (int)(bit >> 3)) >> (int)(bit & 7) & mask);
    }

    /// <summary>Numbers of up to 64 bits.</summary>
    public static void Unpack(ReadOnlySpan<byte> source, int width, Span<long> output)
    {
        if (width == 0)
        {
            output.Clear();
            return;
        }
        ulong mask = ulong.MaxValue >> 64 - width;
        long bit = 0;
        for (int i = 0; i < output.Length; i++, bit += width)
        {
            int at = (int)(bit >> 3), shift = (int)(bit & 7);
            ulong value = Word(source, at) >> shift;
            if (shift + width > 64) value |= (ulong)source[at + 8] << 64 - shift;
            output[i] = (long)(value & mask);
        }
    }

    /// <summary>The eight bytes from there on; zeros after the end.</summary>
    static ulong Word(ReadOnlySpan<byte> source, int at)
    {
        if (source.Length - at >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
        ulong word = 0;
        for (int i = source.Length - 1; i >= at; i--) word = word << 8 | source[i];
        return word;
    }
}
