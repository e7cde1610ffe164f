namespace Graft.Formats;

/// <summary>Finds the pages of a chunk by their headers, without touching their data (parquet.thrift: PageHeader).</summary>
static class ParquetPages
{
    /// <summary>A page may be this large whatever its bytes in the file; beyond, <see cref="MaxExpansion"/> counts.</summary>
    const int FreePageBytes = 256 << 20;

    /// <summary>A chunk may have this many values whatever its bytes in the file; beyond, <see cref="ValuesPerByte"/>
    /// counts.</summary>
    const int FreeValues = 1 << 24;

    const int MaxExpansion = 64, ValuesPerByte = 256;

    /// <returns>The dictionary, where there is one, and the data pages, whose values are as many as the chunk says.</returns>
    /// <exception cref="InvalidDataException">The headers are damaged or do not fit the chunk.</exception>
    /// <exception cref="NotSupportedException">There are more values than fit an array.</exception>
    public static ParquetPage[] Find(MappedFile file, ParquetChunk chunk)
    {
        if (chunk.ValueCount > Array.MaxLength / 2)
            throw new NotSupportedException(
                $"expected {Array.MaxLength / 2} values at most in a row group, found {chunk.ValueCount}; write "
                + $"smaller row groups");
        if (chunk.ValueCount > FreeValues && chunk.ValueCount / ValuesPerByte > chunk.CompressedBytes)
            throw new InvalidDataException(
                $"expected {ValuesPerByte} values per byte at most, found {chunk.ValueCount} in {chunk.CompressedBytes} bytes");
        List<ParquetPage> pages = [];
        long at = chunk.Start, end = chunk.Start + chunk.CompressedBytes;
        int values = 0;
        while (values < chunk.ValueCount && at < end)
        {
            ThriftReader reader = new(file.SpanUpTo(at, (int)Math.Min(end - at, int.MaxValue)));
            ParquetPage page = Read(ref reader, at, values);
            if (page.CompressedBytes > end - page.Start)
                throw new InvalidDataException(
                    $"expected a page of {end - page.Start} bytes at most, found {page.CompressedBytes}");
            if (page.UncompressedBytes > FreePageBytes && page.UncompressedBytes / MaxExpansion > page.CompressedBytes)
                throw new InvalidDataException(
                    $"expected a page to grow {MaxExpansion} times at most, found {page.CompressedBytes} bytes to "
                    + $"become {page.UncompressedBytes}");
            at = page.Start + page.CompressedBytes;
            if (page.IsData)
            {
                if (page.Values > chunk.ValueCount - values)
                    throw new InvalidDataException($"expected {chunk.ValueCount} values in all pages, found more");
                values += page.Values;
            }
            else if (page.Kind == ParquetPageKind.Dictionary && pages.Count > 0)
                throw new InvalidDataException("expected a dictionary before all data pages, found one between");
            if (page.Kind == ParquetPageKind.Dictionary || page.Values > 0) pages.Add(page);
        }
        if (values != chunk.ValueCount)
            throw new InvalidDataException($"expected {chunk.ValueCount} values in all pages, found {values}");
        return [.. pages];
    }

    static ParquetPage Read(ref ThriftReader reader, long at, int firstValue)
    {
        int kind = -1, compressed = -1, uncompressed = -1;
        uint? checksum = null;
        ParquetPage? details = null;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 1:
                    kind = reader.Int32(type);
                    break;
                case 2:
                    uncompressed = reader.Count32(type);
                    break;
                case 3:
                    compressed = reader.Count32(type);
                    break;
                case 4:
                    checksum = (uint)reader.Int32(type);
                    break;
                case 5:
                    details = ReadData(ref reader, type);
                    break;
                case 7:
                    details = ReadDictionary(ref reader, type);
                    break;
                case 8:
                    details = ReadDataV2(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        if (compressed < 0 || uncompressed < 0) throw new InvalidDataException("expected a page's lengths, found none");
        ParquetPageKind found = ParquetFooter.Member<ParquetPageKind>(kind);
        if (found == ParquetPageKind.Index) details = new() { Kind = found };
        if (details is null || details.Kind != found)
            throw new InvalidDataException($"expected a header of a {found} page, found none");
        return details with
        {
            Start = at + reader.Position,
            CompressedBytes = compressed,
            UncompressedBytes = uncompressed,
            Checksum = checksum,
            FirstValue = firstValue,
        };
    }

    static ParquetPage ReadData(ref ThriftReader reader, ThriftType type)
    {
        reader.Enter(type);
        int values = -1, encoding = -1, definition = (int)ParquetEncoding.Rle, repetition = (int)ParquetEncoding.Rle;
        for (short id = 0; reader.Next(ref id, out ThriftType field);)
            if (id == 1) values = reader.Count32(field);
            else if (id == 2) encoding = reader.Int32(field);
            else if (id == 3) definition = reader.Int32(field);
            else if (id == 4) repetition = reader.Int32(field);
            else reader.Skip(field);
        return new()
        {
            Kind = ParquetPageKind.Data,
            Values = Required(values),
            Encoding = Encoding(encoding),
            DefinitionEncoding = Encoding(definition),
            RepetitionEncoding = Encoding(repetition),
            IsCompressed = true,
        };
    }

    static ParquetPage ReadDictionary(ref ThriftReader reader, ThriftType type)
    {
        reader.Enter(type);
        int values = -1, encoding = -1;
        for (short id = 0; reader.Next(ref id, out ThriftType field);)
            if (id == 1) values = reader.Count32(field);
            else if (id == 2) encoding = reader.Int32(field);
            else reader.Skip(field);
        ParquetEncoding found = Encoding(encoding);
        if (found is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary))
            throw new InvalidDataException($"expected a plain dictionary, found {found}");
        return new() { Kind = ParquetPageKind.Dictionary, Values = Required(values), Encoding = found, IsCompressed = true };
    }

    static ParquetPage ReadDataV2(ref ThriftReader reader, ThriftType type)
    {
        reader.Enter(type);
        int values = -1, encoding = -1, definition = 0, repetition = 0;
        bool isCompressed = true;
        for (short id = 0; reader.Next(ref id, out ThriftType field);)
            if (id == 1) values = reader.Count32(field);
            else if (id == 4) encoding = reader.Int32(field);
            else if (id == 5) definition = reader.Count32(field);
            else if (id == 6) repetition = reader.Count32(field);
            else if (id == 7) isCompressed = ThriftReader.Boolean(field);
            else reader.Skip(field);
        return new()
        {
            Kind = ParquetPageKind.DataV2,
            Values = Required(values),
            Encoding = Encoding(encoding),
            DefinitionEncoding = ParquetEncoding.Rle,
            RepetitionEncoding = ParquetEncoding.Rle,
            DefinitionBytes = definition,
            RepetitionBytes = repetition,
            IsCompressed = isCompressed,
        };
    }

    static int Required(int values) =>
        values >= 0 ? values : throw new InvalidDataException("expected a page's number of values, found none");

    static ParquetEncoding Encoding(int number) => ParquetFooter.Member<ParquetEncoding>(number);
}
