using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>
/// Writes Parquet files that pyarrow, pandas, polars, DuckDB and Hugging Face's datasets open: version 1 data pages with
/// checksums, dictionaries where values repeat, Snappy where it gains, statistics.
/// </summary>
public static class ParquetWriter
{
    /// <summary>Rows of a group, where nothing else is asked for.</summary>
    public const int DefaultRowsPerGroup = 1 << 17;

    const string Name = "Graft version 0.1.0 (build 0)";

    /// <summary>Writes columns, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The target; an older file there is replaced.</param>
    /// <param name="columns">The columns, with as many rows each.</param>
    /// <param name="metadata">Texts to put beside them; null for none.</param>
    /// <param name="rowsPerGroup">Rows of a group; fewer take less memory to read.</param>
    /// <exception cref="ArgumentException">There are no columns, they differ in rows, or two have one name.</exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full; nothing is left
    /// behind.</exception>
    public static void Write(
        string path, IReadOnlyList<ParquetColumnData> columns, IReadOnlyDictionary<string, string>? metadata = null,
        int rowsPerGroup = DefaultRowsPerGroup) => Write(path, [columns], metadata, rowsPerGroup);

    /// <summary>Writes columns part by part, whole or not at all: only one part is in memory at a time.</summary>
    /// <param name="path">The target; an older file there is replaced.</param>
    /// <param name="parts">The same columns again and again with the next rows. Each part begins a row group.</param>
    /// <param name="metadata">Texts to put beside them; null for none.</param>
    /// <param name="rowsPerGroup">Rows of a group at most.</param>
    /// <exception cref="ArgumentException">
    /// There are no parts or no columns, they differ in rows, two have one name, or a part has others than the first.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full; nothing is left
    /// behind.</exception>
    public static void Write(
        string path, IEnumerable<IReadOnlyList<ParquetColumnData>> parts, IReadOnlyDictionary<string, string>? metadata = null,
        int rowsPerGroup = DefaultRowsPerGroup)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerGroup, 1);
        AtomicFile.Write(path, stream =>
        {
            stream.Write("PAR1"u8);
            ParquetChunkWriter writer = new(stream, position: 4);
            List<(int Rows, ParquetChunkWriter.Chunk[] Chunks)> groups = [];
            IReadOnlyList<ParquetColumnData>? first = null;
            foreach (IReadOnlyList<ParquetColumnData> part in parts)
            {
                Check(part, first ??= part);
                for (int from = 0, to; from < part[0].RowCount; from = to)
                {
                    to = (int)Math.Min(part[0].RowCount, (long)from + rowsPerGroup);
                    ParquetChunkWriter.Chunk[] chunks = new ParquetChunkWriter.Chunk[part.Count];
                    for (int i = 0; i < chunks.Length; i++) chunks[i] = writer.Write(part[i], from, to);
                    groups.Add((to - from, chunks));
                }
            }
            if (first is null) throw new ArgumentException("expected columns to write, found none", nameof(parts));
            ReadOnlySpan<byte> footer = Footer(first, groups, metadata);
            stream.Write(footer);
            Span<byte> tail = stackalloc byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(tail, footer.Length);
            "PAR1"u8.CopyTo(tail[4..]);
            stream.Write(tail);
        });
    }

    static void Check(IReadOnlyList<ParquetColumnData> part, IReadOnlyList<ParquetColumnData> first)
    {
        if (part is null or { Count: 0 }) throw new ArgumentException("expected columns to write, found none");
        if (part.Count != first.Count)
            throw new ArgumentException($"expected {first.Count} columns as before, found {part.Count}");
        HashSet<(string?, string)> names = [];
        HashSet<string> structs = [];
        for (int i = 0; i < part.Count; i++)
        {
            ParquetColumnData column = part[i];
            if (!column.Continues(first[i]))
                throw new ArgumentException($"expected column {first[i].Name} as before, found {column.Name} or another type");
            if (column.RowCount != part[0].RowCount)
                throw new ArgumentException($"column {column.Name}: expected {part[0].RowCount} rows, found {column.RowCount}");
            bool begins = column.Struct is not null && (i == 0 || part[i - 1].Struct != column.Struct);
            if (!names.Add((column.Struct, column.Name))
                || begins && (!structs.Add(column.Struct!) || names.Contains((null, column.Struct!))))
                throw new ArgumentException(
                    $"column {column.Struct ?? column.Name}: expected each name once, and a struct's columns together");
            if (column.Struct is null && structs.Contains(column.Name))
                throw new ArgumentException(
                    $"column {column.Name}: expected each name once, found a struct of that name as well");
        }
    }

    static ReadOnlySpan<byte> Footer(
        IReadOnlyList<ParquetColumnData> columns, List<(int Rows, ParquetChunkWriter.Chunk[] Chunks)> groups,
        IReadOnlyDictionary<string, string>? metadata)
    {
        ThriftWriter writer = new();
        writer.Number(1, 2);
        Schema(writer, columns);
        writer.Long(3, groups.Sum(group => (long)group.Rows));
        writer.List(4, ThriftType.Struct, groups.Count);
        foreach ((int rows, ParquetChunkWriter.Chunk[] chunks) in groups)
        {
            writer.Element();
            writer.List(1, ThriftType.Struct, chunks.Length);
            for (int i = 0; i < chunks.Length; i++) Chunk(writer, columns[i], chunks[i]);
            writer.Long(2, chunks.Sum(chunk => chunk.UncompressedBytes));
            writer.Long(3, rows);
            writer.End();
        }
        if (metadata is { Count: > 0 })
        {
            writer.List(5, ThriftType.Struct, metadata.Count);
            foreach ((string key, string value) in metadata)
            {
                writer.Element();
                writer.Text(1, key);
                writer.Text(2, value);
                writer.End();
            }
        }
        writer.Text(6, Name);
        // Minima and maxima are believed only with an order for each column; 1 is "by its type".
        writer.List(7, ThriftType.Struct, columns.Count);
        for (int i = 0; i < columns.Count; i++)
        {
            writer.Element();
            writer.Empty(1);
            writer.End();
        }
        writer.Finish();
        return writer.Written;
    }

    static void Schema(ThriftWriter writer, IReadOnlyList<ParquetColumnData> columns)
    {
        bool Begins(int i) => columns[i].Struct is not null && (i == 0 || columns[i - 1].Struct != columns[i].Struct);
        int[] structs = [.. Enumerable.Range(0, columns.Count).Where(Begins)];
        int top = columns.Count(column => column.Struct is null) + structs.Length;
        writer.List(2, ThriftType.Struct, 1 + columns.Count + structs.Length + 2 * columns.Count(column =>
            column.ListLength > 0));
        Node(writer, "schema", repetition: -1, children: top);
        for (int i = 0; i < columns.Count; i++)
        {
            ParquetColumnData column = columns[i];
            if (Begins(i)) Node(writer, column.Struct!, repetition: 0, columns.Count(one => one.Struct == column.Struct));
            if (column.ListLength > 0)
            {
                Node(writer, column.Name, repetition: 0, children: 1, isList: true);
                Node(writer, "list", repetition: 2, children: 1);
            }
            writer.Element();
            writer.Number(1, (int)column.Type);
            if (column.Width > 0) writer.Number(2, column.Width);
            writer.Number(3, column.IsOptional ? 1 : 0);
            writer.Text(4, column.ListLength > 0 ? "element" : column.Name);
            if (column.Meaning == ParquetMeaning.String)
            {
                writer.Number(6, 0);
                writer.Struct(10);
                writer.Empty(1);
                writer.End();
            }
            writer.End();
        }
    }

    static void Node(ThriftWriter writer, string name, int repetition, int children, bool isList = false)
    {
        writer.Element();
        if (repetition >= 0) writer.Number(3, repetition);
        writer.Text(4, name);
        writer.Number(5, children);
        if (isList)
        {
            writer.Number(6, 3);
            writer.Struct(10);
            writer.Empty(3);
            writer.End();
        }
        writer.End();
    }

    static void Chunk(ThriftWriter writer, ParquetColumnData column, ParquetChunkWriter.Chunk chunk)
    {
        string[] path = column.ListLength > 0 ? [column.Name, "list", "element"] : [column.Name];
        if (column.Struct is not null) path = [column.Struct, .. path];
        ParquetEncoding[] encodings = chunk.DictionaryStart is null
            ? [ParquetEncoding.Plain, ParquetEncoding.Rle]
            : [ParquetEncoding.Plain, ParquetEncoding.Rle, ParquetEncoding.RleDictionary];
        writer.Element();
        writer.Long(2, 0);
        writer.Struct(3);
        writer.Number(1, (int)column.Type);
        writer.List(2, ThriftType.Int32, encodings.Length);
        foreach (ParquetEncoding encoding in encodings) writer.NumberElement((int)encoding);
        writer.List(3, ThriftType.Binary, path.Length);
        foreach (string part in path) writer.TextElement(part);
        writer.Number(4, (int)chunk.Codec);
        writer.Long(5, chunk.Values);
        writer.Long(6, chunk.UncompressedBytes);
        writer.Long(7, chunk.CompressedBytes);
        writer.Long(9, chunk.DataStart);
        if (chunk.DictionaryStart is { } dictionary) writer.Long(11, dictionary);
        writer.Struct(12);
        writer.Long(3, chunk.Nulls);
        if (chunk.Maximum is not null) writer.Binary(5, chunk.Maximum);
        if (chunk.Minimum is not null) writer.Binary(6, chunk.Minimum);
        writer.End();
        writer.End();
        writer.End();
    }
}
