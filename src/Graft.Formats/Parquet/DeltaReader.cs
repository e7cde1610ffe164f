using System.Runtime.CompilerServices;

namespace Graft.Formats;

/// <summary>
/// Differences in packed blocks (parquet-format, Encodings.md: DELTA_BINARY_PACKED; Lemire and Boytsov 2015, arXiv:1209.2137).
/// </summary>
static class DeltaReader
{
    const int MaxBlock = 1 << 16;

    /// <summary>Reads numbers into all of <paramref name="output"/>.</summary>
    /// <param name="source">Begins with the numbers; what follows them is left alone.</param>
    /// <param name="output">Sums wrap around, as the specification has it.</param>
    /// <returns>The bytes that they take.</returns>
    /// <exception cref="InvalidDataException">They are damaged, or not as many.</exception>
    public static int Read(ReadOnlySpan<byte> source, Span<long> output)
    {
        int at = 0;
        ulong block = Varint(source, ref at), parts = Varint(source, ref at), total = Varint(source, ref at);
        long value = ZigZag(source, ref at);
        if (block is 0 or > MaxBlock || block % 8 != 0 || parts == 0 || parts > block || block % parts != 0
            || block / parts % 8 != 0)
            throw new InvalidDataException($"expected blocks of differences, found {block} in {parts} parts");
        if (total != (ulong)output.Length)
            throw new InvalidDataException($"expected {output.Length} numbers as differences, found {total} announced");
        if (output.Length == 0) return at;
        output[0] = value;
        int partLength = (int)(block / parts);
        for (int to = 1; to < output.Length;)
        {
            long least = ZigZag(source, ref at);
            if (source.Length - at < (int)parts) throw Cut();
            ReadOnlySpan<byte> widths = source.Slice(at, (int)parts);
            at += (int)parts;
            for (int part = 0; part < (int)parts && to < output.Length; part++)
            {
                int width = widths[part];
                if (width > 64) throw new InvalidDataException($"expected differences of 64 bits at most, found {width}");
                Span<long> place = output.Slice(to, Math.Min(partLength, output.Length - to));
                // The last part may be cut after the numbers that count.
                int needed = (place.Length * width + 7) >> 3, whole = partLength * width >> 3;
                if (source.Length - at < needed) throw Cut();
                int taken = Math.Min(whole, source.Length - at);
                BitUnpacker.Unpack(source.Slice(at, taken), width, place);
                at += taken;
                for (int i = 0; i < place.Length; i++)
                {
                    value = unchecked(value + least + place[i]);
                    place[i] = value;
                }
                to += place.Length;
            }
        }
        return at;
    }

    /// <summary>Reads lengths, which may not be negative.</summary>
    /// <param name="source">Begins with the numbers; what follows them is left alone.</param>
    /// <param name="count">How many.</param>
    /// <param name="taken">The bytes that they take.</param>
    /// <exception cref="InvalidDataException">They are damaged, not as many, or not lengths.</exception>
    public static int[] Lengths(ReadOnlySpan<byte> source, int count, out int taken)
    {
        // A count that was not announced must not be allocated for.
        int at = 0;
        Varint(source, ref at);
        Varint(source, ref at);
        ulong announced = Varint(source, ref at);
        if (announced != (ulong)count) throw new InvalidDataException($"expected {count} lengths, found {announced} announced");
        long[] numbers = new long[count];
        taken = Read(source, numbers);
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++)
            lengths[i] = numbers[i] is >= 0 and <= int.MaxValue
                ? (int)numbers[i] : throw new InvalidDataException($"expected a length, found {numbers[i]}");
        return lengths;
    }

    static ulong Varint(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= source.Length) throw Cut();
            int one = source[at++];
            value |= (ulong)(one & 127) << shift;
            if (one < 128) return value;
        }
        throw new InvalidDataException("expected a number of 64 bits, found a longer one");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long ZigZag(ReadOnlySpan<byte> source, ref int at)
    {
        ulong value = Varint(source, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    static InvalidDataException Cut() => new("expected more differences, found their end");
}
