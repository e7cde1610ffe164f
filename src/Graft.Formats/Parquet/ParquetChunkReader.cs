namespace Graft.Formats;

/// <summary>Reads the metadata of one column in one row group (parquet.thrift: ColumnChunk).</summary>
static class ParquetChunkReader
{
    const int MagicBytes = 4;

    /// <param name="reader">Stands before the struct.</param>
    /// <param name="column">The column that must be described.</param>
    /// <param name="dataEnd">Where the file's metadata begins.</param>
    /// <exception cref="InvalidDataException">It is damaged or lies outside of the file.</exception>
    /// <exception cref="NotSupportedException">It is encrypted or in another file.</exception>
    public static ParquetChunk Read(ref ThriftReader reader, ParquetColumn column, long dataEnd)
    {
        ParquetChunk? chunk = null;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 1:
                    if (reader.Binary(type).Length > 0)
                        throw new NotSupportedException(
                            $"column {column.Name}: expected its data in this file, found it in another");
                    break;
                case 3:
                    reader.Enter(type);
                    chunk = ReadMetadata(ref reader, column);
                    break;
                case 8 or 9:
                    throw new NotSupportedException(
                        $"column {column.Name}: expected data that is not encrypted, found an encrypted column; "
                        + $"decrypt it first");
                default:
                    reader.Skip(type);
                    break;
            }
        if (chunk is null) throw new InvalidDataException($"column {column.Name}: expected its metadata, found none");
        if (chunk.ValueCount == 0) return chunk with { Start = 0, CompressedBytes = 0 }; // what some writers say there is not so
        if (chunk.Start < MagicBytes || chunk.Start > dataEnd || chunk.CompressedBytes > dataEnd - chunk.Start)
            throw new InvalidDataException(
                $"column {column.Name}: expected its data within bytes {MagicBytes} to {dataEnd}, "
                + $"found {chunk.CompressedBytes} bytes from {chunk.Start}");
        return chunk;
    }

    static ParquetChunk ReadMetadata(ref ThriftReader reader, ParquetColumn column)
    {
        long values = -1, compressed = -1, uncompressed = 0, data = -1, dictionary = 0;
        int kind = -1, codec = -1;
        ParquetStatistics? statistics = null;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 1:
                    kind = reader.Int32(type);
                    break;
                case 4:
                    codec = reader.Int32(type);
                    break;
                case 5:
                    values = reader.Count64(type);
                    break;
                case 6:
                    uncompressed = reader.Count64(type);
                    break;
                case 7:
                    compressed = reader.Count64(type);
                    break;
                case 9:
                    data = reader.Count64(type);
                    break;
                case 11:
                    dictionary = reader.Int64(type);
                    break;
                case 12:
                    reader.Enter(type);
                    statistics = ReadStatistics(ref reader, column);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        if (kind != (int)column.Type)
            throw new InvalidDataException(
                $"column {column.Name}: expected type {(int)column.Type} as in the schema, found {(kind < 0 ? "none" : kind)}");
        if (values < 0 || compressed < 0 || data < 0 || codec < 0)
            throw new InvalidDataException(
                $"column {column.Name}: expected its codec, values, bytes and place, found some of them");
        return new()
        {
            Column = column,
            Codec = ParquetFooter.Member<ParquetCodec>(codec),
            ValueCount = values,
            CompressedBytes = compressed,
            UncompressedBytes = uncompressed,
            Statistics = statistics,
            Start = dictionary > 0 && dictionary < data ? dictionary : data, // some writers say 0, or nonsense, for "none"
        };
    }

    static ParquetStatistics ReadStatistics(ref ThriftReader reader, ParquetColumn column)
    {
        long? nulls = null, distinct = null;
        object? oldMinimum = null, oldMaximum = null, minimum = null, maximum = null;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 1:
                    oldMaximum = ParquetLogical.Statistic(column, reader.Binary(type));
                    break;
                case 2:
                    oldMinimum = ParquetLogical.Statistic(column, reader.Binary(type));
                    break;
                case 3:
                    nulls = reader.Count64(type);
                    break;
                case 4:
                    distinct = reader.Count64(type);
                    break;
                case 5:
                    maximum = ParquetLogical.Statistic(column, reader.Binary(type));
                    break;
                case 6:
                    minimum = ParquetLogical.Statistic(column, reader.Binary(type));
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        // Old writers compared everything as signed, so theirs are right only for what is.
        bool isSigned = column.Type is not (ParquetType.Bytes or ParquetType.FixedBytes or ParquetType.Int96)
            && column.Meaning is not (>= ParquetMeaning.UInt8 and <= ParquetMeaning.UInt64);
        return new()
        {
            NullCount = nulls,
            DistinctCount = distinct,
            Minimum = minimum ?? (isSigned ? oldMinimum : null),
            Maximum = maximum ?? (isSigned ? oldMaximum : null),
        };
    }
}
