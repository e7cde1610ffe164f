namespace Graft.Formats;

/// <summary>Reads one chunk: pages into levels and values.</summary>
sealed class ParquetColumnReader
{
    readonly MappedFile file;
    readonly ParquetChunk chunk;
    readonly ParquetColumn column;
    readonly ParquetDecoder decoder;
    readonly int offset; // the first of the values that are read, among those of the chunk
    readonly int total;
    byte[]? scratch, definitions, repetitions;
    bool[]? nulls;
    int[]? starts;
    bool[]? nullLists;
    int rows, count;

    ParquetColumnReader(MappedFile file, ParquetChunk chunk, int offset, int total)
    {
        this.file = file;
        this.chunk = chunk;
        this.offset = offset;
        this.total = total;
        column = chunk.Column;
        decoder = ParquetDecoder.For(column, total);
    }

    /// <summary>Where a chunk's pages are, which is found out once.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static ParquetPage[] Pages(MappedFile file, ParquetRowGroup group, ParquetChunk chunk) =>
        group.Pages(chunk.Column.Index) ??= ParquetPages.Find(file, chunk);

    /// <summary>Reads some rows of a group.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="NotSupportedException">It has what this reader does not know.</exception>
    public static ParquetValues Read(MappedFile file, ParquetRowGroup group, ParquetChunk chunk, int firstRow, int rowCount)
    {
        ParquetPage[] pages = Pages(file, group, chunk);
        if (chunk.Column.IsList) return ReadLists(file, group, chunk, pages, firstRow, rowCount);

        // In flat columns rows are values, so that pages outside of what was asked for are passed over.
        int offset = 0, end = 0;
        foreach (ParquetPage page in pages)
        {
            bool isOutside = page.FirstValue >= firstRow + rowCount || page.FirstValue + page.Values <= firstRow;
            if (!page.IsData || page.Values == 0 || isOutside) continue;
            if (end == 0) offset = page.FirstValue;
            end = page.FirstValue + page.Values;
        }
        ParquetColumnReader reader = new(file, chunk, offset, end - offset);
        if (rowCount == 0) return reader.decoder.Finish(new(null, 0, 0), 0);
        foreach (ParquetPage page in pages)
            if (!page.IsData || page.FirstValue >= offset && page.FirstValue < end)
                reader.ReadPage(page);
        return reader.decoder.Finish(new(reader.nulls, firstRow - offset, rowCount), firstRow - offset);
    }

    static ParquetValues ReadLists(
        MappedFile file, ParquetRowGroup group, ParquetChunk chunk, ParquetPage[] pages, int firstRow, int rowCount)
    {
        ParquetColumnReader reader = new(file, chunk, 0, (int)chunk.ValueCount) { starts = new int[group.RowCount + 1] };
        foreach (ParquetPage page in pages) reader.ReadPage(page);
        if (reader.rows != group.RowCount)
            throw new InvalidDataException($"expected {group.RowCount} lists, found {reader.rows}");
        int[] starts = reader.starts[firstRow..(firstRow + rowCount + 1)];
        starts[^1] = firstRow + rowCount == reader.rows ? reader.count : starts[^1];
        int first = starts[0];
        for (int i = 0; i < starts.Length; i++) starts[i] -= first;
        return reader.decoder.Finish(
            new(reader.nulls, first, starts[^1])
            {
                Starts = starts,
                NullLists = reader.nullLists?[firstRow..(firstRow + rowCount)],
            },
            first);
    }

    void ReadPage(ParquetPage page)
    {
        ReadOnlySpan<byte> source = file.Span(page.Start, page.CompressedBytes);
        if (page.Checksum is { } expected && Crc32.Of(source) is uint found && found != expected)
            throw new InvalidDataException($"expected a page with checksum {expected:x8}, found {found:x8}");
        if (page.Kind == ParquetPageKind.Dictionary)
        {
            decoder.ReadDictionary(Decompressed(source, page.UncompressedBytes, isCompressed: true), page.Values);
            return;
        }
        Span<byte> definition = Levels(ref definitions, column.MaxDefinition, page.Values);
        Span<byte> repetition = Levels(ref repetitions, column.MaxRepetition, page.Values);
        ParquetPageData data;
        if (page.Kind == ParquetPageKind.DataV2)
        {
            long levels = (long)page.RepetitionBytes + page.DefinitionBytes;
            if (levels > source.Length || levels > page.UncompressedBytes)
                throw new InvalidDataException($"expected levels within a page of {source.Length} bytes, found {levels} bytes");
            if (repetition.Length > 0) ParquetLevels.ReadRuns(source[..page.RepetitionBytes], column.MaxRepetition, repetition);
            if (definition.Length > 0)
                ParquetLevels.ReadRuns(source.Slice(page.RepetitionBytes, page.DefinitionBytes), column.MaxDefinition,
                    definition);
            data = Decompressed(source[(int)levels..], page.UncompressedBytes - (int)levels, page.IsCompressed);
        }
        else
        {
            data = Decompressed(source, page.UncompressedBytes, isCompressed: true);
            ReadOnlySpan<byte> rest = data.Bytes;
            if (repetition.Length > 0) ParquetLevels.Read(ref rest, page.RepetitionEncoding, column.MaxRepetition, repetition);
            if (definition.Length > 0) ParquetLevels.Read(ref rest, page.DefinitionEncoding, column.MaxDefinition, definition);
            data = data.From(data.Bytes.Length - rest.Length);
        }
        ReadValues(page, data, definition, repetition);
    }

    void ReadValues(ParquetPage page, ParquetPageData data, Span<byte> definition, Span<byte> repetition)
    {
        int at = page.FirstValue - offset, length = page.Values;
        if (column.IsList)
        {
            at = count;
            length = Split(definition, repetition);
            count += length;
        }
        int present = column.MaxDefinition == 0 ? length : definition.Count((byte)column.MaxDefinition);
        decoder.Read(page.Encoding, data, at, present);
        if (present == length) return;
        nulls ??= new bool[total];
        Span<bool> missing = nulls.AsSpan(at, length);
        if (column.IsList)
        {
            int to = 0;
            foreach (byte level in definition)
                if (level >= column.ListDefinition) missing[to++] = level != column.MaxDefinition;
        }
        else
            for (int i = 0; i < missing.Length; i++) missing[i] = definition[i] != column.MaxDefinition;
        decoder.Spread(at, missing, present);
    }

    /// <summary>Notes where rows begin.</summary>
    /// <returns>The elements of all lists in this page.</returns>
    int Split(ReadOnlySpan<byte> definition, ReadOnlySpan<byte> repetition)
    {
        int elements = 0;
        for (int i = 0; i < repetition.Length; i++)
        {
            bool hasElement = definition[i] >= column.ListDefinition;
            if (repetition[i] == 0)
            {
                if (rows == starts!.Length - 1) throw new InvalidDataException($"expected {rows} lists, found more");
                if (definition[i] < column.ListDefinition - 1) (nullLists ??= new bool[starts.Length - 1])[rows] = true;
                starts[rows++] = count + elements;
            }
            else if (rows == 0 || !hasElement) throw new InvalidDataException("expected a list to begin, found one that goes on");
            if (hasElement) elements++;
        }
        return elements;
    }

    static Span<byte> Levels(ref byte[]? levels, int maximum, int count)
    {
        if (maximum == 0) return [];
        if (levels is null || levels.Length < count) levels = GC.AllocateUninitializedArray<byte>(count);
        return levels.AsSpan(0, count);
    }

    ParquetPageData Decompressed(ReadOnlySpan<byte> source, int length, bool isCompressed)
    {
        if (chunk.Codec == ParquetCodec.Uncompressed || !isCompressed)
        {
            if (source.Length != length)
                throw new InvalidDataException($"expected a page of {length} bytes, found {source.Length}");
            return new(source);
        }
        byte[] buffer = ParquetCompression.Decode(chunk.Codec, source, length, scratch);
        if (!decoder.KeepsPages) scratch = buffer;
        return new(buffer, 0, length);
    }
}
