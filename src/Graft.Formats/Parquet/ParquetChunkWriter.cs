using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Graft.Formats;

/// <summary>Writes one column's rows as pages.</summary>
sealed class ParquetChunkWriter(Stream stream, long position)
{
    const int PageRows = 20_000;
    const int PageBytes = 1 << 20;
    const int MaxDictionaryBytes = 1 << 20;

    readonly ArrayBufferWriter<byte> page = new();
    byte[] compressed = [];
    long position = position;

    /// <summary>What the metadata says about a chunk.</summary>
    public sealed record Chunk
    {
        public long? DictionaryStart { get; set; }

        public long DataStart { get; set; }

        public ParquetCodec Codec { get; set; }

        public long Values { get; set; }

        public long Nulls { get; set; }

        public long UncompressedBytes { get; set; }

        public long CompressedBytes { get; set; }

        public byte[]? Minimum { get; set; }

        public byte[]? Maximum { get; set; }
    }

    public Chunk Write(ParquetColumnData column, int from, int to)
    {
        Chunk chunk = new();
        long start = position;
        (int[] Numbers, Array Distinct)? dictionary = Dictionary(column, from, to);
        bool isOpen = true; // the codec has not been chosen
        if (dictionary is { } known)
        {
            page.ResetWrittenCount();
            Plain(known.Distinct, 0, known.Distinct.Length, column, _ => false);
            chunk.DictionaryStart = position;
            Flush(chunk, ref isOpen, (writer, _) =>
            {
                writer.Struct(7);
                writer.Number(1, known.Distinct.Length);
                writer.Number(2, (int)ParquetEncoding.Plain);
                writer.End();
            }, ParquetPageKind.Dictionary);
        }
        chunk.DataStart = position;
        for (int first = from; first < to;)
        {
            int end = PageEnd(column, first, to, dictionary is not null);
            int values = (end - first) * Math.Max(1, column.ListLength);
            page.ResetWrittenCount();
            chunk.Nulls += Levels(column, first, end);
            if (dictionary is { } coded) Indices(column, coded.Numbers.AsSpan(first - from, end - first), first,
                coded.Distinct.Length);
            else Plain(column.Values, first, end, column, column.IsNull);
            Flush(chunk, ref isOpen, (writer, isDictionary) =>
            {
                writer.Struct(5);
                writer.Number(1, values);
                writer.Number(2, (int)(isDictionary ? ParquetEncoding.RleDictionary : ParquetEncoding.Plain));
                writer.Number(3, (int)ParquetEncoding.Rle);
                writer.Number(4, (int)ParquetEncoding.Rle);
                writer.End();
            }, ParquetPageKind.Data);
            chunk.Values += values;
            first = end;
        }
        chunk.CompressedBytes = position - start;
        (chunk.Minimum, chunk.Maximum) = ParquetRange.Of(column, from, to);
        return chunk;
    }

    /// <summary>The distinct values and each row's number among them; null where that would not gain.</summary>
    static (int[] Numbers, Array Distinct)? Dictionary(ParquetColumnData column, int from, int to) => column.Values switch
    {
        int[] values => Dictionary(column, values, from, to, _ => sizeof(int)),
        long[] values => Dictionary(column, values, from, to, _ => sizeof(long)),
        string[] values => Dictionary(column, values, from, to, text => sizeof(int) + Encoding.UTF8.GetByteCount(text)),
        _ => null,
    };

    static (int[] Numbers, Array Distinct)? Dictionary<T>(ParquetColumnData column, T[] values, int from, int to, Func<T,
        int> size)
        where T : notnull
    {
        Dictionary<T, int> known = [];
        int[] numbers = new int[to - from];
        long bytes = 0;
        for (int i = from; i < to; i++)
        {
            if (column.IsNull(i)) continue;
            if (!known.TryGetValue(values[i], out int number))
            {
                number = known.Count;
                known.Add(values[i], number);
                bytes += size(values[i]);
                if (known.Count > (to - from) / 2 || bytes > MaxDictionaryBytes) return null;
            }
            numbers[i - from] = number;
        }
        return known.Count == 0 ? null : (numbers, known.Keys.ToArray());
    }

    static int PageEnd(ParquetColumnData column, int first, int to, bool isCoded)
    {
        int most = (int)Math.Min(to, (long)first + PageRows);
        if (isCoded) return most;
        long bytes = 0;
        for (int row = first; row < most; row++)
        {
            bytes += column.Values switch
            {
                string?[] texts => sizeof(int) + (texts[row] is { } text ? Encoding.UTF8.GetByteCount(text) : 0),
                byte[]?[] all => sizeof(int) + (all[row]?.Length ?? 0),
                float[] => sizeof(float) * Math.Max(1, column.ListLength),
                _ => Math.Max(sizeof(long), column.Width),
            };
            if (bytes > PageBytes) return Math.Max(row, first + 1); // at least one row
        }
        return most;
    }

    /// <summary>Repetition and definition levels, each behind its length.</summary>
    /// <returns>The nulls.</returns>
    int Levels(ParquetColumnData column, int first, int end)
    {
        int nulls = 0;
        if (column.ListLength > 0)
        {
            int[] repetition = new int[(end - first) * column.ListLength];
            for (int i = 0; i < repetition.Length; i++) repetition[i] = i % column.ListLength == 0 ? 0 : 1;
            Runs(repetition);
            Array.Fill(repetition, 1);
            Runs(repetition);
            return 0;
        }
        int[] definition = new int[end - first];
        for (int i = first; i < end; i++)
            if (column.IsNull(i)) nulls++;
            else definition[i - first] = 1;
        Runs(definition);
        return nulls;
    }

    void Runs(ReadOnlySpan<int> levels)
    {
        ArrayBufferWriter<byte> runs = new();
        RunWriter.Write(runs, levels, width: 1);
        BinaryPrimitives.WriteInt32LittleEndian(page.GetSpan(sizeof(int)), runs.WrittenCount);
        page.Advance(sizeof(int));
        page.Write(runs.WrittenSpan);
    }

    void Indices(ParquetColumnData column, ReadOnlySpan<int> numbers, int first, int distinct)
    {
        int[] present = new int[numbers.Length];
        int count = 0;
        for (int i = 0; i < numbers.Length; i++)
            if (!column.IsNull(first + i)) present[count++] = numbers[i];
        int width = Math.Max(1, RunReader.WidthFor(distinct - 1)); // not all readers know numbers of no bits
        page.Write([(byte)width]);
        RunWriter.Write(page, present.AsSpan(0, count), width);
    }

    void Plain(Array values, int first, int end, ParquetColumnData column, Func<int, bool> isNull)
    {
        switch (values)
        {
            case int[] numbers:
                PlainNumbers(numbers, first, end, isNull);
                break;
            case long[] numbers:
                PlainNumbers(numbers, first, end, isNull);
                break;
            case double[] numbers:
                PlainNumbers(numbers, first, end, isNull);
                break;
            case float[] numbers when column.ListLength > 0:
                page.Write(MemoryMarshal.AsBytes(numbers.AsSpan(first * column.ListLength, (end - first) * column.ListLength)));
                break;
            case float[] numbers:
                PlainNumbers(numbers, first, end, isNull);
                break;
            case byte[] bytes:
                page.Write(bytes.AsSpan(first * column.Width, (end - first) * column.Width));
                break;
            case bool[] truths:
                PlainTruths(truths, first, end, isNull);
                break;
            case string?[] texts:
                for (int i = first; i < end; i++)
                    if (texts[i] is { } text) PlainBytes(Encoding.UTF8.GetBytes(text));
                break;
            case byte[]?[] all:
                for (int i = first; i < end; i++)
                    if (all[i] is { } bytes) PlainBytes(bytes);
                break;
        }
    }

    void PlainNumbers<T>(T[] numbers, int first, int end, Func<int, bool> isNull)
        where T : unmanaged
    {
        for (int i = first; i < end; i++)
            if (!isNull(i)) page.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in numbers[i])));
    }

    void PlainTruths(bool[] truths, int first, int end, Func<int, bool> isNull)
    {
        int held = 0, bits = 0;
        for (int i = first; i < end; i++)
        {
            if (isNull(i)) continue;
            if (truths[i]) bits |= 1 << held;
            if (++held < 8) continue;
            page.Write([(byte)bits]);
            held = bits = 0;
        }
        if (held > 0) page.Write([(byte)bits]);
    }

    void PlainBytes(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(page.GetSpan(sizeof(int)), bytes.Length);
        page.Advance(sizeof(int));
        page.Write(bytes);
    }

    /// <summary>Writes the page with its header. The first one tells whether Snappy gains a tenth.</summary>
    void Flush(Chunk chunk, ref bool isOpen, Action<ThriftWriter, bool> details, ParquetPageKind kind)
    {
        ReadOnlySpan<byte> data = page.WrittenSpan;
        if (isOpen || chunk.Codec == ParquetCodec.Snappy)
        {
            int most = Snappy.MaxEncodedLength(data.Length);
            if (compressed.Length < most) compressed = new byte[most];
            int length = Snappy.Encode(data, compressed);
            if (isOpen && length < data.Length * 0.9) chunk.Codec = ParquetCodec.Snappy;
            if (chunk.Codec == ParquetCodec.Snappy) data = compressed.AsSpan(0, length);
        }
        isOpen = false;
        ThriftWriter header = new();
        header.Number(1, (int)kind);
        header.Number(2, page.WrittenCount);
        header.Number(3, data.Length);
        header.Number(4, (int)Crc32.Of(data));
        details(header, chunk.DictionaryStart is not null);
        header.Finish();
        stream.Write(header.Written);
        stream.Write(data);
        position += header.Written.Length + data.Length;
        chunk.UncompressedBytes += header.Written.Length + page.WrittenCount;
    }
}
