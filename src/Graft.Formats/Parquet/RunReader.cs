namespace Graft.Formats;

/// <summary>Parquet's hybrid of repeated and bit-packed numbers (parquet-format, Encodings.md: RLE), run by run.</summary>
ref struct RunReader
{
    readonly ReadOnlySpan<byte> source;
    readonly int width;
    int at;

    /// <param name="source">The runs, and no more.</param>
    /// <param name="width">Bits of a number.</param>
    /// <exception cref="InvalidDataException">There are no numbers of so many bits.</exception>
    public RunReader(ReadOnlySpan<byte> source, int width)
    {
        if ((uint)width > 32) throw new InvalidDataException($"expected numbers of 32 bits at most, found {width}");
        this.source = source;
        this.width = width;
    }

    /// <summary>Bits that hold numbers up to <paramref name="maximum"/>.</summary>
    public static int WidthFor(int maximum) => maximum == 0 ? 0 : System.Numerics.BitOperations.Log2((uint)maximum) + 1;

    /// <summary>Whether this run is one number, <see cref="Value"/>, again and again.</summary>
    public bool IsRepeated { get; private set; }

    public int Value { get; private set; }

    /// <summary>The numbers of a run that is not <see cref="IsRepeated"/>, for <see cref="BitUnpacker"/>.</summary>
    public ReadOnlySpan<byte> Packed { get; private set; }

    /// <summary>Moves to the next run.</summary>
    /// <param name="wanted">Numbers that are still expected; the last run may have been filled up with more.</param>
    /// <returns>Its numbers, 1 to <paramref name="wanted"/>.</returns>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int Next(int wanted)
    {
        while (true)
        {
            uint header = Header();
            if ((header & 1) == 0)
            {
                int bytes = width + 7 >> 3;
                if (source.Length - at < bytes) throw Cut(wanted);
                uint value = 0;
                for (int i = 0; i < bytes; i++) value |= (uint)source[at + i] << 8 * i;
                if (width < 32 && value >> width != 0)
                    throw new InvalidDataException($"expected numbers of {width} bits, found {value}");
                at += bytes;
                IsRepeated = true;
                Value = (int)value;
                int count = (int)Math.Min(header >> 1, (uint)wanted);
                if (count > 0) return count;
            }
            else
            {
                IsRepeated = false;
                long count = Math.Min((header >> 1) * 8L, wanted);
                // A whole run is padded to groups of eight; of the last, only what is needed must be there.
                long needed = count * width + 7 >> 3, whole = (header >> 1) * (long)width;
                if (needed > source.Length - at) throw Cut(wanted);
                int length = (int)Math.Min(whole, source.Length - at);
                Packed = source.Slice(at, length);
                at += length;
                if (count > 0) return (int)count;
            }
        }
    }

    uint Header()
    {
        ulong header = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (at >= source.Length) throw new InvalidDataException("expected more runs of numbers, found their end");
            int one = source[at++];
            header |= (ulong)(one & 127) << shift;
            if (one >= 128) continue;
            if (header > uint.MaxValue) break;
            return (uint)header;
        }
        throw new InvalidDataException("expected a run's header of 32 bits, found a longer one");
    }

    static InvalidDataException Cut(int wanted) => new($"expected {wanted} more numbers in runs, found their end");
}
