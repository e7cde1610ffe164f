using System.Buffers.Binary;
using Slice = Graft.Formats.ParquetBytes.Slice;

namespace Graft.Formats;

/// <summary>Bytes and texts. Values are parts of the pages; those that a dictionary has share them.</summary>
sealed class ParquetBytesDecoder(ParquetColumn column, int count) : ParquetDecoder
{
    /// <summary>What prefixes may make of all pages of a chunk, where it is little; beyond, <see cref="MaxExpansion"/>
    /// counts.</summary>
    const long FreeBytes = 256 << 20;

    const int MaxExpansion = 64;

    readonly int[] indices = GC.AllocateUninitializedArray<int>(count);
    readonly List<byte[]> buffers = [];
    Slice[] distinct = [];
    int distinctCount, dictionaryCount = -1;
    long encodedBytes, expandedBytes;

    public override bool KeepsPages => true;

    public override void ReadDictionary(ParquetPageData data, int count)
    {
        ReadPlain(data, count);
        dictionaryCount = count;
    }

    public override void Read(ParquetEncoding encoding, ParquetPageData data, int at, int count)
    {
        if (encoding is ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary)
        {
            ReadIndices(data.Bytes, indices.AsSpan(at, count));
            return;
        }
        int first = distinctCount;
        switch (encoding)
        {
            case ParquetEncoding.Plain:
                ReadPlain(data, count);
                break;
            case ParquetEncoding.DeltaLengthByteArray when column.Type == ParquetType.Bytes:
                ReadLengths(data, count);
                break;
            case ParquetEncoding.DeltaByteArray:
                ReadPrefixes(data.Bytes, count);
                break;
            case ParquetEncoding.ByteStreamSplit when column.Type == ParquetType.FixedBytes:
                Need(data.Bytes, (long)count * column.Width);
                byte[] whole = new byte[count * column.Width];
                Unsplit(data.Bytes, column.Width, count, whole);
                ReadPlain(new(whole, 0, whole.Length), count);
                break;
            default:
                throw Unsupported(column, encoding);
        }
        Span<int> places = indices.AsSpan(at, count);
        for (int i = 0; i < places.Length; i++) places[i] = first + i;
    }

    public override void Spread(int at, ReadOnlySpan<bool> nulls, int count) =>
        Spread(indices.AsSpan(at, nulls.Length), nulls, count, -1);

    public override ParquetValues Finish(ParquetNulls nulls, int first) =>
        new ParquetBytes(column, nulls, [.. buffers], distinct[..distinctCount], indices, first);

    void ReadPlain(ParquetPageData data, int count)
    {
        ReadOnlySpan<byte> bytes = data.Bytes;
        int width = column.Type == ParquetType.FixedBytes ? column.Width : 0;
        Need(bytes, (long)count * (width > 0 ? width : sizeof(int)));
        Span<Slice> slices = Add(data, count, out int buffer, out int start);
        int at = 0;
        for (int i = 0; i < slices.Length; i++)
        {
            int length = width;
            if (width == 0)
            {
                if (bytes.Length - at < sizeof(int)) throw Cut(count, i);
                length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
                at += sizeof(int);
                if ((uint)length > (uint)(bytes.Length - at)) throw Cut(count, i);
            }
            slices[i] = new(buffer, start + at, length);
            at += length;
        }
    }

    void ReadLengths(ParquetPageData data, int count)
    {
        int[] lengths = DeltaReader.Lengths(data.Bytes, count, out int taken);
        data = data.From(taken);
        Span<Slice> slices = Add(data, count, out int buffer, out int start);
        int at = 0;
        for (int i = 0; i < slices.Length; i++)
        {
            if (lengths[i] > data.Bytes.Length - at) throw Cut(count, i);
            slices[i] = new(buffer, start + at, lengths[i]);
            at += lengths[i];
        }
    }

    /// <summary>Each value is the beginning of the one before it, and then bytes of its own.</summary>
    void ReadPrefixes(ReadOnlySpan<byte> data, int count)
    {
        int[] prefixes = DeltaReader.Lengths(data, count, out int taken);
        encodedBytes += data.Length;
        data = data[taken..];
        int[] rests = DeltaReader.Lengths(data, count, out taken);
        data = data[taken..];
        long total = 0, own = 0;
        for (int i = 0, before = 0; i < count; i++)
        {
            long length = (long)prefixes[i] + rests[i];
            own += rests[i];
            if (prefixes[i] > before || own > data.Length) throw Cut(count, i);
            if (column.Type == ParquetType.FixedBytes && length != column.Width)
                throw new InvalidDataException($"expected values of {column.Width} bytes, found one of {length}");
            before = (int)Math.Min(length, int.MaxValue);
            total += length;
        }
        expandedBytes += total;
        if (total > Array.MaxLength || expandedBytes > FreeBytes && expandedBytes / MaxExpansion > encodedBytes)
            throw new InvalidDataException(
                $"expected values to grow {MaxExpansion} times at most, found {encodedBytes} bytes to become {expandedBytes}");

        byte[] whole = GC.AllocateUninitializedArray<byte>((int)total);
        Span<Slice> slices = Add(new(whole, 0, whole.Length), count, out int buffer, out _);
        int at = 0, from = 0, last = 0;
        for (int i = 0; i < slices.Length; i++)
        {
            whole.AsSpan(last, prefixes[i]).CopyTo(whole.AsSpan(at));
            data.Slice(from, rests[i]).CopyTo(whole.AsSpan(at + prefixes[i]));
            slices[i] = new(buffer, at, prefixes[i] + rests[i]);
            last = at;
            at += prefixes[i] + rests[i];
            from += rests[i];
        }
    }

    void ReadIndices(ReadOnlySpan<byte> data, Span<int> output)
    {
        int known = dictionaryCount;
        if (known < 0) throw new InvalidDataException("expected a dictionary before the page that refers to it, found none");
        if (output.Length == 0) return;
        RunReader reader = Indices(data, out int width);
        while (output.Length > 0)
        {
            int count = reader.Next(output.Length);
            Span<int> place = output[..count];
            if (reader.IsRepeated) place.Fill(reader.Value);
            else BitUnpacker.Unpack(reader.Packed, width, 0, place);
            foreach (int index in reader.IsRepeated ? place[..1] : place)
                if ((uint)index >= (uint)known) throw BadIndex(index, known);
            output = output[count..];
        }
    }

    Span<Slice> Add(ParquetPageData data, int count, out int buffer, out int start)
    {
        buffer = buffers.Count;
        buffers.Add(data.Buffer(out start));
        int needed = checked(distinctCount + count);
        if (needed > distinct.Length)
            Array.Resize(ref distinct, distinctCount == 0
                ? needed : (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * distinct.Length)));
        distinctCount = needed;
        return distinct.AsSpan(needed - count, count);
    }

    static InvalidDataException Cut(int count, int found) => new($"expected {count} values, found {found} before the page's end");
}
