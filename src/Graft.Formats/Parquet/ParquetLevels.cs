using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>Definition and repetition levels of a page.</summary>
static class ParquetLevels
{
    /// <summary>Reads version 1's levels, which stand before the values, and takes them off <paramref name="data"/>.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static void Read(ref ReadOnlySpan<byte> data, ParquetEncoding encoding, int maximum, Span<byte> levels)
    {
        switch (encoding)
        {
            case ParquetEncoding.Rle:
                if (data.Length < 4) throw Cut(data.Length, 4);
                int length = BinaryPrimitives.ReadInt32LittleEndian(data);
                data = data[4..];
                if ((uint)length > (uint)data.Length) throw Cut(data.Length, length);
                ReadRuns(data[..length], maximum, levels);
                data = data[length..];
                break;
            case ParquetEncoding.BitPacked:
                int width = RunReader.WidthFor(maximum);
                long bytes = (long)levels.Length * width + 7 >> 3;
                if (bytes > data.Length) throw Cut(data.Length, bytes);
                ReadFromTop(data, width, maximum, levels);
                data = data[(int)bytes..];
                break;
            default:
                throw new InvalidDataException($"expected levels as runs or packed, found {encoding}");
        }
    }

    /// <summary>Reads levels that are all of <paramref name="runs"/>.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or beyond <paramref name="maximum"/>.</exception>
    public static void ReadRuns(ReadOnlySpan<byte> runs, int maximum, Span<byte> levels)
    {
        RunReader reader = new(runs, RunReader.WidthFor(maximum));
        int width = RunReader.WidthFor(maximum);
        Span<int> part = stackalloc int[256];
        while (levels.Length > 0)
        {
            int count = reader.Next(levels.Length);
            if (reader.IsRepeated) levels[..count].Fill(Checked(reader.Value, maximum));
            else
                for (int done = 0; done < count; done += part.Length)
                {
                    Span<int> some = part[..Math.Min(part.Length, count - done)];
                    BitUnpacker.Unpack(reader.Packed, width, done, some);
                    for (int i = 0; i < some.Length; i++) levels[done + i] = Checked(some[i], maximum);
                }
            levels = levels[count..];
        }
    }

    /// <summary>The old packing, from the highest bit on.</summary>
    static void ReadFromTop(ReadOnlySpan<byte> data, int width, int maximum, Span<byte> levels)
    {
        long bit = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            int level = 0;
            for (int k = 0; k < width; k++, bit++) level = level << 1 | data[(int)(bit >> 3)] >> 7 - (int)(bit & 7) & 1;
            levels[i] = Checked(level, maximum);
        }
    }

    static byte Checked(int level, int maximum) =>
        (uint)level <= (uint)maximum ? (byte)level
            : throw new InvalidDataException($"expected levels up to {maximum}, found {level}");

    static InvalidDataException Cut(int found, long expected) => new($"expected {expected} bytes of levels, found {found}");
}
