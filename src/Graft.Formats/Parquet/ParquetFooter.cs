using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>The metadata at a Parquet file's end (apache/parquet-format, parquet.thrift: FileMetaData).</summary>
sealed class ParquetFooter
{
    const int MagicBytes = 4;
    const int TailBytes = 8; // length of the metadata, magic

    readonly List<ParquetRowGroup> groups = [];
    readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    long dataEnd;

    ParquetFooter()
    {
    }

    public ParquetColumn[] Columns { get; private set; } = [];

    public IReadOnlyList<ParquetRowGroup> Groups => groups;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public string? CreatedBy { get; private set; }

    public long RowCount { get; private set; }

    /// <exception cref="InvalidDataException">It is not a Parquet file, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">It is encrypted, or its metadata has more than 2 GiB.</exception>
    public static ParquetFooter Read(MappedFile file)
    {
        long least = MagicBytes + TailBytes;
        if (file.Length < least) throw new InvalidDataException($"expected a Parquet file, found {file.Length} bytes");
        ReadOnlySpan<byte> head = file.Span(0, MagicBytes), tail = file.Span(file.Length - TailBytes, TailBytes);
        if (head.SequenceEqual("PARE"u8) || tail[4..].SequenceEqual("PARE"u8))
            throw new NotSupportedException(
                "expected a Parquet file that is not encrypted, found an encrypted one; decrypt it first");
        if (!head.SequenceEqual("PAR1"u8))
            throw new InvalidDataException($"expected a Parquet file, which begins with PAR1, found {Convert.ToHexString(head)}");
        if (!tail[4..].SequenceEqual("PAR1"u8))
            throw new InvalidDataException(
                $"expected PAR1 at the end of a Parquet file, found {Convert.ToHexString(tail[4..])}; it is cut or "
                + "not written to its end");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > file.Length - least)
            throw new InvalidDataException($"expected metadata of {file.Length - least} bytes at most, found {length} announced");
        if (length > int.MaxValue) throw new NotSupportedException($"expected metadata below 2 GiB, found {length} bytes");
        ParquetFooter footer = new() { dataEnd = file.Length - TailBytes - length };
        ThriftReader reader = new(file.Span(footer.dataEnd, (int)length));
        footer.Read(ref reader);
        return footer;
    }

    /// <summary>The member with that number.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static T Member<T>(int number) where T : struct, Enum
    {
        T value = (T)(object)number;
        return Enum.IsDefined(value)
            ? value : throw new InvalidDataException($"expected a known {Friendly<T>()}, found {number}");
    }

    static string Friendly<T>() => typeof(T).Name.Replace("Parquet", "").ToLowerInvariant();

    void Read(ref ThriftReader reader)
    {
        bool hasSchema = false;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            switch (id)
            {
                case 2:
                    List<ParquetSchemaNode> nodes = [];
                    for (int left = reader.Structs(type); left > 0; left--) nodes.Add(ParquetSchemaNode.Read(ref reader));
                    Columns = ParquetSchema.Columns(nodes);
                    hasSchema = true;
                    break;
                case 3:
                    RowCount = reader.Count64(type);
                    break;
                case 4:
                    if (!hasSchema) throw new InvalidDataException("expected a schema before the row groups, found none");
                    for (int left = reader.Structs(type); left > 0; left--) ReadGroup(ref reader);
                    break;
                case 5:
                    for (int left = reader.Structs(type); left > 0; left--) ReadPair(ref reader);
                    break;
                case 6:
                    CreatedBy = reader.Text(type);
                    break;
                case 8:
                    throw new NotSupportedException(
                        "expected a Parquet file that is not encrypted, found one with encrypted columns; decrypt it first");
                default:
                    reader.Skip(type);
                    break;
            }
        if (!hasSchema) throw new InvalidDataException("expected a schema, found none");
        long sum = 0;
        foreach (ParquetRowGroup group in groups) sum += group.RowCount; // each at most long.MaxValue / groups, see below
        if (sum != RowCount) throw new InvalidDataException($"expected {RowCount} rows in all row groups, found {sum}");
        CheckOverlaps();
    }

    void ReadPair(ref ThriftReader reader)
    {
        string key = "", value = "";
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            if (id == 1) key = reader.Text(type);
            else if (id == 2) value = reader.Text(type);
            else reader.Skip(type);
        metadata[key] = value;
    }

    void ReadGroup(ref ThriftReader reader)
    {
        List<ParquetChunk> chunks = new(Columns.Length);
        long rows = -1;
        for (short id = 0; reader.Next(ref id, out ThriftType type);)
            if (id == 1)
                for (int left = reader.Structs(type); left > 0; left--)
                {
                    if (chunks.Count == Columns.Length) throw WrongChunks(chunks.Count + left);
                    chunks.Add(ParquetChunkReader.Read(ref reader, Columns[chunks.Count], dataEnd));
                }
            else if (id == 3) rows = reader.Count64(type);
            else reader.Skip(type);
        if (chunks.Count != Columns.Length) throw WrongChunks(chunks.Count);
        if (rows < 0) throw new InvalidDataException($"row group {groups.Count}: expected its number of rows, found none");
        long first = groups.Count == 0 ? 0 : groups[^1].FirstRow + groups[^1].RowCount;
        if (rows > long.MaxValue - first)
            throw new InvalidDataException($"row group {groups.Count}: expected fewer rows, found {rows}");
        foreach (ParquetChunk chunk in chunks)
            if (chunk.Column.IsList ? chunk.ValueCount < rows : chunk.ValueCount != rows)
                throw new InvalidDataException(
                    $"row group {groups.Count}, column {chunk.Column.Name}: expected {rows} values, found {chunk.ValueCount}");
        groups.Add(new(groups.Count, first, rows, [.. chunks]));
    }

    InvalidDataException WrongChunks(int found) =>
        new($"row group {groups.Count}: expected {Columns.Length} columns, found {found}");

    /// <summary>No two columns may share bytes, or a small file could stand for any amount of data.</summary>
    void CheckOverlaps()
    {
        ParquetChunk[] sorted = [.. groups.SelectMany(group => group.Chunks).Where(chunk => chunk.CompressedBytes > 0)];
        Array.Sort(sorted, (a, b) =>
            a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.CompressedBytes.CompareTo(b.CompressedBytes));
        for (int i = 1; i < sorted.Length; i++)
            if (sorted[i - 1].Start + sorted[i - 1].CompressedBytes > sorted[i].Start)
                throw new InvalidDataException(
                    $"column {sorted[i].Column.Name}: expected its own part of the file, found that of "
                    + $"{sorted[i - 1].Column.Name}");
    }
}
