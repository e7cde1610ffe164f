using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// Writes a state dict as torch.save does: the zip layout, an OrderedDict of tensors, every storage at a multiple of 64 bytes.
/// torch.load opens it, with weights_only too.
/// </summary>
public static class TorchFileWriter
{
    const string Root = "archive/";
    const int Alignment = 64;

    /// <summary>Writes a file, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The target; an older file there is replaced.</param>
    /// <param name="arrays">The arrays with their data: little-endian, row-major, contiguous. Their order is kept.</param>
    /// <param name="metadata">
    /// Null or empty: the file is the state dict itself. Otherwise it is a dict of <c>state_dict</c> and these texts.
    /// </param>
    /// <exception cref="ArgumentException">Two arrays share a name, or data is not as long as its type and shape say.</exception>
    /// <exception cref="NotSupportedException">A type that PyTorch has no storage for: unsigned, of 16 bits or more.</exception>
    /// <exception cref="IOException">
    /// It cannot be written, for example because the disk is full; nothing is left behind.
    /// </exception>
    public static void Write(
        string path,
        IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        WriterChecks.Check(arrays);
        byte[] pickle = Pickle(arrays, metadata);
        long expected = pickle.Length + 4096;
        foreach ((_, ReadOnlyMemory<byte> bytes) in arrays) expected += bytes.Length;
        AtomicFile.Write(path, stream =>
        {
            ZipWriter zip = new(stream);
            zip.Add(Root + "data.pkl", pickle);
            zip.Add(Root + "byteorder", "little"u8);
            for (int i = 0; i < arrays.Count; i++) zip.Add($"{Root}data/{i}", arrays[i].Bytes.Span);
            zip.Add(Root + "version", "3\n"u8);
            zip.Finish();
        }, expected);
    }

    static byte[] Pickle(
        IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays, IReadOnlyDictionary<string, string>? metadata)
    {
        PickleWriter pickle = new();
        bool wrapped = metadata is { Count: > 0 };
        if (wrapped)
        {
            pickle.Code('}').Code('(').Text("state_dict");
        }
        pickle.Global("collections", "OrderedDict").Code(')').Code('R').Code('(');
        for (int i = 0; i < arrays.Count; i++)
        {
            ArrayEntry entry = arrays[i].Entry;
            pickle.Text(entry.Name).Global("torch._utils", "_rebuild_tensor_v2").Code('(');
            pickle.Code('(').Shared("storage").Global("torch", StorageName(entry)).Text(i.ToString()).Shared("cpu");
            pickle.Number(entry.ElementCount).Code('t').Code('Q');
            pickle.Number(0).Tuple(entry.Shape).Tuple(Strides(entry.Shape)).Code('\x89');
            pickle.Global("collections", "OrderedDict").Code(')').Code('R').Code('t').Code('R');
        }
        pickle.Code('u');
        if (wrapped)
        {
            foreach ((string key, string value) in metadata!) pickle.Text(key).Text(value);
            pickle.Code('u');
        }
        return pickle.Finish();
    }

    static string StorageName(ArrayEntry entry) => entry.Type switch
    {
        ElementType.Bool => "BoolStorage",
        ElementType.UInt8 => "ByteStorage",
        ElementType.Int8 => "CharStorage",
        ElementType.Int16 => "ShortStorage",
        ElementType.Int32 => "IntStorage",
        ElementType.Int64 => "LongStorage",
        ElementType.Float16 => "HalfStorage",
        ElementType.BFloat16 => "BFloat16Storage",
        ElementType.Float32 => "FloatStorage",
        ElementType.Float64 => "DoubleStorage",
        _ => throw new NotSupportedException($"{entry}: PyTorch has no storage of this type; write a safetensors file instead"),
    };

    static long[] Strides(IReadOnlyList<long> shape)
    {
        long[] strides = new long[shape.Count];
        long stride = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }
        return strides;
    }

    /// <summary>Protocol 2; globals and repeated texts are written once.</summary>
    sealed class PickleWriter
    {
        readonly ArrayBufferWriter<byte> buffer = new();
        readonly Dictionary<string, int> memo = [];

        public PickleWriter() => Code('\x80').Code('\x02');

        public PickleWriter Code(char code)
        {
            buffer.Write([(byte)code]);
            return this;
        }

        public PickleWriter Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Code('X').Int32(bytes.Length);
            buffer.Write(bytes);
            return this;
        }

        public PickleWriter Shared(string text)
        {
            if (!Recall(text)) Text(text).Remember(text);
            return this;
        }

        public PickleWriter Global(string module, string name)
        {
            string line = $"c{module}\n{name}\n";
            if (Recall(line)) return this;
            buffer.Write(Encoding.ASCII.GetBytes(line));
            Remember(line);
            return this;
        }

        public PickleWriter Number(long number)
        {
            switch (number)
            {
                case >= 0 and <= byte.MaxValue:
                    Code('K').Code((char)number);
                    break;
                case >= 0 and <= int.MaxValue:
                    Code('J').Int32((int)number);
                    break;
                default:
                    Span<byte> bytes = stackalloc byte[8];
                    BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                    Code('\x8a').Code('\x08');
                    buffer.Write(bytes);
                    break;
            }
            return this;
        }

        public PickleWriter Tuple(IReadOnlyList<long> numbers)
        {
            if (numbers.Count == 0) return Code(')');
            Code('(');
            foreach (long number in numbers) Number(number);
            return Code('t');
        }

        public byte[] Finish()
        {
            Code('.');
            return buffer.WrittenSpan.ToArray();
        }

        void Int32(int number)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), number);
            buffer.Advance(4);
        }

        bool Recall(string what)
        {
            bool known = memo.TryGetValue(what, out int number);
            if (known) Code('h').Code((char)number);
            return known;
        }

        /// <summary>At most two texts and a dozen globals, so one byte of number is enough.</summary>
        void Remember(string what)
        {
            Code('q').Code((char)memo.Count);
            memo.Add(what, memo.Count);
        }
    }

    /// <summary>Stored entries only, each at a multiple of 64 bytes; 64-bit records where places or counts need them.</summary>
    sealed class ZipWriter(Stream stream)
    {
        readonly ArrayBufferWriter<byte> directory = new();
        long at;
        long entries;

        public void Add(string name, ReadOnlySpan<byte> content)
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            uint crc = Crc32.Of(content);
            long start = at;
            int unpadded = (int)((start + 30 + nameBytes.Length + 4) % Alignment);
            int padding = (Alignment - unpadded) % Alignment;

            Record local = new();
            local.U32(0x04034b50).U16(20).U16(0x0800).U16(0).U16(0).U16(0x21); // stored, UTF-8 name, 1 January 1980
            local.U32(crc).U32((uint)content.Length).U32((uint)content.Length).U16(nameBytes.Length).U16(4 + padding);
            local.Bytes(nameBytes).U16(0x4246).U16(padding).Bytes(new byte[padding]); // PyTorch's own padding field, "FB"
            Write(local.Written);
            Write(content);

            bool far = start >= uint.MaxValue;
            Record central = new();
            central.U32(0x02014b50).U16(far ? 45 : 20).U16(far ? 45 : 20).U16(0x0800).U16(0).U16(0).U16(0x21);
            central.U32(crc).U32((uint)content.Length).U32((uint)content.Length).U16(nameBytes.Length).U16(far ? 12 : 0).U16(0);
            central.U16(0).U16(0).U32(0).U32(far ? uint.MaxValue : (uint)start).Bytes(nameBytes);
            if (far) central.U16(1).U16(8).U64(start);
            directory.Write(central.Written);
            entries++;
        }

        public void Finish()
        {
            long start = at, size = directory.WrittenCount;
            Write(directory.WrittenSpan);
            bool big = start >= uint.MaxValue || entries >= ushort.MaxValue;
            Record end = new();
            if (big)
            {
                long end64 = at;
                end.U32(0x06064b50).U64(44).U16(45).U16(45).U32(0).U32(0).U64(entries).U64(entries).U64(size).U64(start);
                end.U32(0x07064b50).U32(0).U64(end64).U32(1);
            }
            int count = big ? ushort.MaxValue : (int)entries;
            end.U32(0x06054b50).U16(0).U16(0).U16(count).U16(count).U32((uint)size).U32(big ? uint.MaxValue : (uint)start).U16(0);
            Write(end.Written);
        }

        void Write(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            at += bytes.Length;
        }
    }

    sealed class Record
    {
        readonly ArrayBufferWriter<byte> buffer = new();

        public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

        public Record U16(int value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.GetSpan(2), checked((ushort)value));
            buffer.Advance(2);
            return this;
        }

        public Record U32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(4), value);
            buffer.Advance(4);
            return this;
        }

        public Record U64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), value);
            buffer.Advance(8);
            return this;
        }

        public Record Bytes(ReadOnlySpan<byte> bytes)
        {
            buffer.Write(bytes);
            return this;
        }
    }
}
