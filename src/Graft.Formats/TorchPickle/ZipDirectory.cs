using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// The entries of a zip archive, 64-bit ones included, as places in a mapped file. Only entries that are stored can be read, as
/// PyTorch writes them. Checksums are not verified: PyTorch itself can be told to write none.
/// </summary>
sealed class ZipDirectory
{
    const int EndBytes = 22, Zip64LocatorBytes = 20, Zip64EndBytes = 56, CentralBytes = 46, LocalBytes = 30;
    const int MaxEntries = 1_000_000;
    const ushort Stored = 0, Zip64Extra = 1;

    readonly MappedFile file;
    readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The directory is damaged or missing.</exception>
    public ZipDirectory(MappedFile file)
    {
        this.file = file;
        (long count, long size, long offset) = FindDirectory();
        if (count is < 0 or > MaxEntries) throw Bad($"its directory claims {count} entries");
        if (size < 0 || offset < 0 || size > int.MaxValue || offset > file.Length - size)
            throw Bad("its directory lies outside of the file");
        ReadOnlySpan<byte> directory = file.Span(offset, (int)size);
        for (long i = 0; i < count; i++) directory = directory[ReadEntry(directory)..];
    }

    public IReadOnlyCollection<string> Names => entries.Keys;

    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>Where the content of an entry lies.</summary>
    /// <exception cref="InvalidDataException">There is no such entry, or it lies outside of the file.</exception>
    /// <exception cref="NotSupportedException">It is compressed or encrypted.</exception>
    public (long Offset, long Length) Find(string name)
    {
        if (!entries.TryGetValue(name, out Entry entry)) throw Bad($"it has no entry '{name}'");
        if ((entry.Flags & 1) != 0)
            throw new NotSupportedException($"{file.Path}: '{name}' is encrypted, which Graft cannot read");
        if (entry.Method != Stored)
            throw new NotSupportedException(
                $"{file.Path}: '{name}' is compressed, which PyTorch does not do: save it again with torch.save");
        if (entry.PackedSize != entry.Size) throw Bad($"'{name}' is stored, but its two sizes differ");
        if (entry.Header > file.Length - LocalBytes)
            throw Bad($"'{name}' lies outside of the file: truncated, download it again");
        ReadOnlySpan<byte> local = file.Span(entry.Header, LocalBytes);
        if (U32(local) != 0x04034b50) throw Bad($"'{name}' has no header at its place");
        long start = entry.Header + LocalBytes + U16(local[26..]) + U16(local[28..]);
        if (start > file.Length - entry.Size) throw Bad($"'{name}' lies outside of the file: truncated, download it again");
        return (start, entry.Size);
    }

    (long Count, long Size, long Offset) FindDirectory()
    {
        int tailLength = (int)Math.Min(file.Length, EndBytes + ushort.MaxValue);
        ReadOnlySpan<byte> tail = file.Span(file.Length - tailLength, tailLength);
        for (int at = tailLength - EndBytes; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail[at..];
            if (U32(end) != 0x06054b50 || U16(end[20..]) > end.Length - EndBytes) continue;
            (long count, long size, long offset) = (U16(end[10..]), U32(end[12..]), U32(end[16..]));
            long locatorAt = file.Length - tailLength + at - Zip64LocatorBytes;
            if (locatorAt < 0) return (count, size, offset);
            ReadOnlySpan<byte> locator = file.Span(locatorAt, Zip64LocatorBytes);
            if (U32(locator) != 0x07064b50) return (count, size, offset);
            long end64At = I64(locator[8..]);
            if (end64At < 0 || end64At > file.Length - Zip64EndBytes) throw Bad("its 64-bit end record lies outside of the file");
            ReadOnlySpan<byte> end64 = file.Span(end64At, Zip64EndBytes);
            if (U32(end64) != 0x06064b50) throw Bad("its 64-bit end record is missing");
            return (I64(end64[32..]), I64(end64[40..]), I64(end64[48..]));
        }
        throw Bad("it has no directory: truncated, download it again");
    }

    int ReadEntry(ReadOnlySpan<byte> record)
    {
        if (record.Length < CentralBytes || U32(record) != 0x02014b50) throw Bad("its directory is damaged");
        int nameLength = U16(record[28..]), extraLength = U16(record[30..]), commentLength = U16(record[32..]);
        int length = CentralBytes + nameLength + extraLength + commentLength;
        if (length > record.Length) throw Bad("its directory is damaged");
        long packed = U32(record[20..]), size = U32(record[24..]), header = U32(record[42..]);
        ReadOnlySpan<byte> extra = record.Slice(CentralBytes + nameLength, extraLength);
        while (extra.Length >= 4)
        {
            int id = U16(extra), fieldLength = U16(extra[2..]);
            if (fieldLength > extra.Length - 4) throw Bad("its directory is damaged");
            if (id == Zip64Extra)
            {
                ReadOnlySpan<byte> field = extra.Slice(4, fieldLength);
                if (size == uint.MaxValue) size = Take(ref field);
                if (packed == uint.MaxValue) packed = Take(ref field);
                if (header == uint.MaxValue) header = Take(ref field);
            }
            extra = extra[(4 + fieldLength)..];
        }
        if (size < 0 || packed < 0 || header < 0) throw Bad("its directory is damaged");
        string name = Encoding.UTF8.GetString(record.Slice(CentralBytes, nameLength));
        if (!entries.TryAdd(name, new(U16(record[8..]), U16(record[10..]), packed, size, header)))
            throw Bad($"it has two entries '{name}'");
        return length;
    }

    long Take(ref ReadOnlySpan<byte> field)
    {
        if (field.Length < 8) throw Bad("its directory is damaged");
        long value = I64(field);
        field = field[8..];
        return value;
    }

    InvalidDataException Bad(string what) => new($"{file.Path}: bad zip archive: {what}");

    static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    readonly record struct Entry(ushort Flags, ushort Method, long PackedSize, long Size, long Header);
}
