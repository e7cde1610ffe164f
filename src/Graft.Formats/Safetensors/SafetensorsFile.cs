using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Graft.Formats;

/// <summary>
/// A safetensors file, memory-mapped. Accepts what the reference implementation (huggingface/safetensors) accepts: a header of at
/// most 100 MB that starts with <c>{</c>, known types, and data that covers the rest of the file from its first byte to its last,
/// without holes or overlaps. Duplicate names are refused as well. Data need not be aligned.
/// </summary>
public sealed class SafetensorsFile : ArrayFile
{
    /// <summary>The largest header that is read, in bytes: the reference's limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    const int PrefixBytes = 8;

    static readonly HashSet<string> otherTypes =
        ["F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F4", "F6_E2M3", "F6_E3M2", "C64", "C128"];

    readonly MappedFile file;
    readonly long[] begins;

    SafetensorsFile(MappedFile file, Header header, long[] begins) : base(file.Path, header.Entries, header.Metadata)
    {
        this.file = file;
        this.begins = begins;
    }

    /// <inheritdoc/>
    public override string Kind => "safetensors";

    /// <inheritdoc/>
    public override long FileBytes => file.Length;

    /// <summary>Opens a file and checks all of its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, truncated, or not a safetensors file.</exception>
    /// <exception cref="NotSupportedException">
    /// It holds a type that Graft cannot compute with, such as an 8-bit float.
    /// </exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return Open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes(ArrayEntry entry)
    {
        int position = PositionOf(entry);
        long length = entry.ByteLength;
        return file.Span(begins[position], length <= int.MaxValue ? (int)length : throw TooLarge(Path, entry));
    }

    /// <inheritdoc/>
    public override void Read(ArrayEntry entry, long offset, Span<byte> destination)
    {
        int position = PositionOf(entry);
        CheckRange(entry, offset, destination.Length);
        file.Read(begins[position] + offset, destination);
    }

    /// <inheritdoc/>
    public override MappedArray? Map(ArrayEntry entry) => file.Map(begins[PositionOf(entry)], entry.ByteLength);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
    }

    static SafetensorsFile Open(MappedFile file)
    {
        string path = file.Path;
        if (file.Length < PrefixBytes)
            throw new InvalidDataException($"{path}: expected a safetensors file, found one of only {file.Length} bytes");
        ulong declared = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, PrefixBytes));
        if (declared > MaxHeaderBytes)
            throw new InvalidDataException(
                $"{path}: expected a safetensors header of at most {MaxHeaderBytes} bytes, found one of {declared}: "
                + "damaged, or another format");
        if ((long)declared > file.Length - PrefixBytes)
            throw new InvalidDataException(
                $"{path}: its header of {declared} bytes ends after the file's {file.Length}: truncated, download it again");
        ReadOnlySpan<byte> bytes = file.Span(PrefixBytes, (int)declared);
        if (bytes.IsEmpty || bytes[0] != (byte)'{')
            throw new InvalidDataException($"{path}: expected a safetensors header that starts with '{{'");

        Header header = new HeaderReader(path, bytes).Read();
        long dataStart = PrefixBytes + (long)declared;
        long[] begins = CheckCoverage(path, header, file.Length - dataStart);
        for (int i = 0; i < begins.Length; i++) begins[i] += dataStart;
        return new(file, header, begins);
    }

    /// <summary>Sorted by their place, the arrays must follow one another from byte 0 to the last byte of the buffer.</summary>
    static long[] CheckCoverage(string path, Header header, long bufferLength)
    {
        int count = header.Entries.Count;
        long[] begins = new long[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            begins[i] = header.Ranges[i].Begin;
            order[i] = i;
        }
        Array.Sort(order, (left, right) => header.Ranges[left].CompareTo(header.Ranges[right]));

        long at = 0;
        foreach (int i in order)
        {
            (long begin, long end) = header.Ranges[i];
            string name = header.Entries[i].Name;
            if (begin < at)
                throw new InvalidDataException(
                    $"{path}: '{name}' overlaps the array before it: it begins at {begin}, expected {at}");
            if (begin > at)
                throw new InvalidDataException($"{path}: a hole before '{name}': it begins at {begin}, expected {at}");
            if (end > bufferLength)
                throw new InvalidDataException(
                    $"{path}: '{name}' ends at byte {end} of the data, which has only {bufferLength}: "
                    + "truncated, download it again");
            at = end;
        }
        if (at != bufferLength)
            throw new InvalidDataException($"{path}: its arrays end at byte {at} of the data, which has {bufferLength}");
        return begins;
    }

    sealed class Header
    {
        public List<ArrayEntry> Entries { get; } = [];
        public List<(long Begin, long End)> Ranges { get; } = [];
        public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>
    /// Reads the JSON strictly: no duplicates, no comments, only whole numbers. Unknown fields are passed over, as the reference
    /// does.
    /// </summary>
    ref struct HeaderReader
    {
        readonly string path;
        readonly Header header = new();
        readonly HashSet<string> names = new(StringComparer.Ordinal);
        Utf8JsonReader json;

        public HeaderReader(string path, ReadOnlySpan<byte> bytes)
        {
            this.path = path;
            if (!Utf8.IsValid(bytes)) throw new InvalidDataException($"{path}: its header is not UTF-8: damaged");
            json = new(bytes, new JsonReaderOptions { MaxDepth = 16 });
        }

        public Header Read()
        {
            try
            {
                json.Read(); // the opening brace, which the caller has seen
                while (Next() == JsonTokenType.PropertyName)
                {
                    string name = json.GetString()!;
                    if (!names.Add(name)) throw Bad($"'{name}' appears twice");
                    if (name == "__metadata__") ReadMetadata();
                    else ReadTensor(name);
                }
                json.Read(); // throws when anything but spaces follows
                return header;
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // InvalidOperationException: a string with half a surrogate pair
                throw new InvalidDataException(
                    $"{path}: its header is not valid JSON (byte {json.BytesConsumed}): damaged", error);
            }
        }

        void ReadMetadata()
        {
            if (Next() != JsonTokenType.StartObject) throw Bad("__metadata__ is not an object");
            while (Next() == JsonTokenType.PropertyName)
            {
                string key = json.GetString()!;
                if (Next() != JsonTokenType.String) throw Bad($"__metadata__ '{key}' is not a string");
                if (!header.Metadata.TryAdd(key, json.GetString()!)) throw Bad($"__metadata__ '{key}' appears twice");
            }
        }

        void ReadTensor(string name)
        {
            if (Next() != JsonTokenType.StartObject) throw Bad($"'{name}' is not an object");
            string? typeName = null;
            long[]? shape = null, offsets = null;
            while (Next() == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("dtype"u8))
                {
                    if (typeName is not null) throw Bad($"'{name}' has two dtypes");
                    if (Next() != JsonTokenType.String) throw Bad($"the dtype of '{name}' is not a string");
                    typeName = json.GetString()!;
                }
                else if (json.ValueTextEquals("shape"u8))
                {
                    if (shape is not null) throw Bad($"'{name}' has two shapes");
                    shape = ReadNumbers(name, "shape");
                }
                else if (json.ValueTextEquals("data_offsets"u8))
                {
                    if (offsets is not null) throw Bad($"'{name}' has two data_offsets");
                    offsets = ReadNumbers(name, "data_offsets");
                }
                else
                {
                    json.Skip();
                }
            }
            if (typeName is null || shape is null || offsets is null)
                throw Bad($"'{name}' has no {(typeName is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
            if (offsets.Length != 2) throw Bad($"the data_offsets of '{name}' are {offsets.Length} numbers, expected 2");
            if (!ElementTypes.TryParseSafetensors(typeName, out ElementType type))
                throw otherTypes.Contains(typeName)
                    ? new NotSupportedException(
                        $"{path}: '{name}' is of type {typeName}, which Graft cannot read: convert it to F16 or F32")
                    : Bad($"'{name}' is of an unknown type '{Shorten(typeName)}'");
            if (!ArrayEntry.TryCount(shape, out long count) || !ArrayEntry.TryMultiply(count, type.Size(), out long length))
                throw Bad($"the shape of '{name}' has more elements than fit 64 bits");
            (long begin, long end) = (offsets[0], offsets[1]);
            if (begin > end) throw Bad($"'{name}' ends ({end}) before it begins ({begin})");
            if (end - begin != length)
                throw Bad(
                    $"'{name}' {typeName} [{string.Join(", ", shape.Take(16))}] needs {length} bytes, "
                    + $"its data_offsets give {end - begin}");
            header.Entries.Add(new(name, type, Array.AsReadOnly(shape)));
            header.Ranges.Add((begin, end));
        }

        long[] ReadNumbers(string name, string field)
        {
            if (Next() != JsonTokenType.StartArray) throw Bad($"the {field} of '{name}' is not an array");
            List<long> numbers = [];
            while (Next() != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
                    throw Bad($"the {field} of '{name}' holds something other than whole numbers of at least 0");
                numbers.Add(number);
            }
            return [.. numbers];
        }

        JsonTokenType Next() => json.Read() ? json.TokenType : throw Bad("it ends too early");

        readonly InvalidDataException Bad(string what) => new($"{path}: bad safetensors header: {what}");

        static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");
    }
}
