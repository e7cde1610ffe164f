using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>Values of one size.</summary>
sealed class ParquetNumberDecoder<T>(ParquetColumn column, int count) : ParquetDecoder
    where T : unmanaged
{
    readonly T[] values = GC.AllocateUninitializedArray<T>(count);
    T[]? dictionary;

    public override bool KeepsPages => false;

    public override void ReadDictionary(ParquetPageData data, int count)
    {
        Need(data.Bytes, column.Type == ParquetType.Boolean ? count + 7L >> 3 : (long)count * column.StoredBytes);
        dictionary = new T[count];
        ReadPlain(data.Bytes, dictionary);
    }

    public override void Read(ParquetEncoding encoding, ParquetPageData data, int at, int count)
    {
        Span<T> output = values.AsSpan(at, count);
        switch (encoding)
        {
            case ParquetEncoding.Plain:
                ReadPlain(data.Bytes, output);
                break;
            case ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary:
                ReadIndices(data.Bytes, output);
                break;
            case ParquetEncoding.Rle when typeof(T) == typeof(bool):
                ReadOnlySpan<byte> runs = data.Bytes;
                ParquetLevels.Read(ref runs, encoding, maximum: 1, MemoryMarshal.AsBytes(output));
                break;
            case ParquetEncoding.DeltaBinaryPacked when typeof(T) == typeof(long):
                DeltaReader.Read(data.Bytes, MemoryMarshal.Cast<T, long>(output));
                break;
            case ParquetEncoding.DeltaBinaryPacked when typeof(T) == typeof(int):
                long[] wide = new long[count];
                DeltaReader.Read(data.Bytes, wide);
                Span<int> narrow = MemoryMarshal.Cast<T, int>(output);
                for (int i = 0; i < wide.Length; i++) narrow[i] = unchecked((int)wide[i]);
                break;
            case ParquetEncoding.ByteStreamSplit when column.StoredBytes is 4 or 8:
                Unsplit(data.Bytes, column.StoredBytes, count, MemoryMarshal.AsBytes(output));
                break;
            default:
                throw Unsupported(column, encoding);
        }
    }

    public override void Spread(int at, ReadOnlySpan<bool> nulls, int count) =>
        Spread(values.AsSpan(at, nulls.Length), nulls, count, default);

    public override ParquetValues Finish(ParquetNulls nulls, int first) => new ParquetNumbers<T>(column, nulls, values, first);

    void ReadPlain(ReadOnlySpan<byte> data, Span<T> output)
    {
        if (typeof(T) == typeof(bool))
        {
            Need(data, output.Length + 7L >> 3);
            Span<byte> bits = MemoryMarshal.AsBytes(output);
            for (int i = 0; i < bits.Length; i++) bits[i] = (byte)(data[i >> 3] >> (i & 7) & 1);
        }
        else if (typeof(T) == typeof(Int128))
        {
            int size = column.StoredBytes;
            Need(data, (long)output.Length * size);
            Span<Int128> moments = MemoryMarshal.Cast<T, Int128>(output);
            for (int i = 0; i < moments.Length; i++) moments[i] = ParquetTimes.FromInt96(data.Slice(i * size, size));
        }
        else
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(output);
            Need(data, bytes.Length);
            data[..bytes.Length].CopyTo(bytes);
        }
    }

    void ReadIndices(ReadOnlySpan<byte> data, Span<T> output)
    {
        T[] known = dictionary
            ?? throw new InvalidDataException("expected a dictionary before the page that refers to it, found none");
        if (output.Length == 0) return;
        RunReader reader = Indices(data, out int width);
        Span<int> part = stackalloc int[256];
        while (output.Length > 0)
        {
            int count = reader.Next(output.Length);
            if (reader.IsRepeated)
            {
                if ((uint)reader.Value >= (uint)known.Length) throw BadIndex(reader.Value, known.Length);
                output[..count].Fill(known[reader.Value]);
            }
            else
                for (int done = 0; done < count; done += part.Length)
                {
                    Span<int> some = part[..Math.Min(part.Length, count - done)];
                    BitUnpacker.Unpack(reader.Packed, width, done, some);
                    Span<T> place = output.Slice(done, some.Length);
                    for (int i = 0; i < some.Length; i++)
                        place[i] = (uint)some[i] < (uint)known.Length ? known[some[i]] : throw BadIndex(some[i], known.Length);
                }
            output = output[count..];
        }
    }
}
