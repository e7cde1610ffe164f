namespace Graft.Formats;

/// <summary>Decodes a column's pages into its values, which lie one after the other, null or not.</summary>
abstract class ParquetDecoder
{
    /// <summary>Whether values are parts of a page's memory, which must then be left alone.</summary>
    public abstract bool KeepsPages { get; }

    /// <summary>Makes the decoder for a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="count">All values that will come, nulls included.</param>
    public static ParquetDecoder For(ParquetColumn column, int count) => column.Type switch
    {
        ParquetType.Boolean => new ParquetNumberDecoder<bool>(column, count),
        ParquetType.Int32 => new ParquetNumberDecoder<int>(column, count),
        ParquetType.Int64 => new ParquetNumberDecoder<long>(column, count),
        ParquetType.Int96 => new ParquetNumberDecoder<Int128>(column, count),
        ParquetType.Single => new ParquetNumberDecoder<float>(column, count),
        ParquetType.Double => new ParquetNumberDecoder<double>(column, count),
        _ => new ParquetBytesDecoder(column, count),
    };

    /// <summary>Reads a dictionary, which later pages refer to.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public abstract void ReadDictionary(ParquetPageData data, int count);

    /// <summary>Reads a page's values.</summary>
    /// <param name="encoding">How they are laid out.</param>
    /// <param name="data">Their bytes.</param>
    /// <param name="at">Where they belong among all values.</param>
    /// <param name="count">How many there are: those that are not null, which are put one after the other.</param>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    /// <exception cref="NotSupportedException">Values of this type are not laid out so.</exception>
    public abstract void Read(ParquetEncoding encoding, ParquetPageData data, int at, int count);

    /// <summary>Moves the values of a page to their places between the nulls.</summary>
    /// <param name="at">Where the page begins among all values.</param>
    /// <param name="nulls">One for each of the page's values.</param>
    /// <param name="count">How many are not null.</param>
    public abstract void Spread(int at, ReadOnlySpan<bool> nulls, int count);

    /// <summary>The values from <paramref name="first"/> on.</summary>
    public abstract ParquetValues Finish(ParquetNulls nulls, int first);

    private protected static void Spread<T>(Span<T> page, ReadOnlySpan<bool> nulls, int count, T empty)
    {
        int from = count;
        for (int i = nulls.Length - 1; i >= 0; i--) page[i] = nulls[i] ? empty : page[--from];
    }

    /// <summary>The bits of each number of a page that refers to its dictionary, which its first byte tells.</summary>
    private protected static RunReader Indices(ReadOnlySpan<byte> data, out int width)
    {
        if (data.Length == 0) throw new InvalidDataException("expected the width of a page's numbers, found its end");
        width = data[0];
        return new(data[1..], width);
    }

    private protected static void Need(ReadOnlySpan<byte> data, long bytes)
    {
        if (bytes > data.Length) throw new InvalidDataException($"expected {bytes} bytes of values, found {data.Length}");
    }

    private protected static InvalidDataException BadIndex(int index, int count) =>
        new($"expected a number below the dictionary's {count} values, found {(uint)index}");

    private protected static NotSupportedException Unsupported(ParquetColumn column, ParquetEncoding encoding) =>
        new($"expected an encoding for values of {column.Type}, found {encoding}");

    /// <summary>Puts values together whose first bytes come first, then the second ones, and so on.</summary>
    private protected static void Unsplit(ReadOnlySpan<byte> data, int size, int count, Span<byte> output)
    {
        Need(data, (long)size * count);
        for (int k = 0; k < size; k++)
        {
            ReadOnlySpan<byte> plane = data.Slice(k * count, count);
            for (int i = 0, to = k; i < plane.Length; i++, to += size) output[to] = plane[i];
        }
    }
}
