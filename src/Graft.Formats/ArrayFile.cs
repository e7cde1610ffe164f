using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>
/// Named arrays in a file: little-endian, row-major, contiguous, whatever the file itself does. Everything is checked when it is
/// opened, so that reading an array later cannot leave the file. Any number of threads may read; none may still do so during
/// <see cref="Dispose()"/>. The file is memory-mapped: whoever replaces it must do so by renaming (as <see cref="AtomicFile"/>
/// does),
/// not by writing into it.
/// </summary>
public abstract class ArrayFile : IDisposable
{
    readonly Dictionary<string, int> positions;

    /// <summary>Takes the entries of a file.</summary>
    /// <exception cref="InvalidDataException">Two entries have the same name.</exception>
    protected ArrayFile(string path, IReadOnlyList<ArrayEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Entries = entries;
        Metadata = metadata;
        positions = new(entries.Count, StringComparer.Ordinal);
        for (int i = 0; i < entries.Count; i++)
            if (!positions.TryAdd(entries[i].Name, i))
                throw new InvalidDataException($"{path}: two arrays are named '{entries[i].Name}'");
    }

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>What kind of file it is, for people: <c>safetensors</c>, <c>PyTorch (zip)</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>How many bytes the file has, or all of its parts together.</summary>
    public abstract long FileBytes { get; }

    /// <summary>The arrays, in the file's order.</summary>
    public IReadOnlyList<ArrayEntry> Entries { get; }

    /// <summary>
    /// The scalars and texts that stand beside the arrays: <c>format</c> in safetensors, <c>epoch</c> in a checkpoint.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Finds an array by its full name.</summary>
    public bool TryFind(string name, out ArrayEntry entry)
    {
        bool found = positions.TryGetValue(name, out int position);
        entry = found ? Entries[position] : null!;
        return found;
    }

    /// <summary>
    /// The array's data: little-endian, row-major, contiguous; valid until the file is disposed. Nothing is copied, except for a
    /// view with gaps or repetitions in a PyTorch file and an array in several pieces in a Flax file, which are laid out afresh
    /// at each call.
    /// </summary>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    /// <exception cref="NotSupportedException">
    /// The array is larger than 2 GiB; read it in parts by <see cref="Read"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public abstract ReadOnlySpan<byte> Bytes(ArrayEntry entry);

    /// <summary>
    /// Fills <paramref name="destination"/> with the array's bytes from <paramref name="offset"/> on; for arrays of any size.
    /// </summary>
    /// <exception cref="ArgumentException">The entry is not one of this file, or the range lies outside of it.</exception>
    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public virtual void Read(ArrayEntry entry, long offset, Span<byte> destination)
    {
        CheckRange(entry, offset, destination.Length);
        Bytes(entry).Slice((int)offset, destination.Length).CopyTo(destination);
    }

    /// <summary>
    /// The array as memory that may be written to without the file changing, and that outlives this object: nothing is copied,
    /// and pages are read when they are first touched. Null where the file lays it out otherwise, or cannot be mapped so.
    /// </summary>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    public virtual MappedArray? Map(ArrayEntry entry)
    {
        PositionOf(entry);
        return null;
    }

    /// <summary>The array's elements converted to float32, rounding to nearest even where they have more digits.</summary>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    /// <exception cref="NotSupportedException">The array is larger than 2 GiB.</exception>
    public float[] ToSingles(ArrayEntry entry)
    {
        ReadOnlySpan<byte> bytes = Bytes(entry);
        float[] result = new float[entry.ElementCount];
        int size = entry.Type.Size();
        if (entry.Type == ElementType.Float32 && BitConverter.IsLittleEndian)
            bytes.CopyTo(MemoryMarshal.AsBytes(result.AsSpan()));
        else
            for (int i = 0; i < result.Length; i++)
                result[i] = (float)Element(entry.Type, bytes.Slice(i * size, size));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file; what <see cref="Bytes(ArrayEntry)"/> returned must no longer be touched.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>The entry's position in <see cref="Entries"/>.</summary>
    /// <exception cref="ArgumentException">The entry is not one of this file.</exception>
    protected int PositionOf(ArrayEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (positions.TryGetValue(entry.Name, out int position) && Entries[position].Equals(entry)) return position;
        throw new ArgumentException($"{Path}: has no array {entry}", nameof(entry));
    }

    private protected static void CheckRange(ArrayEntry entry, long offset, int length)
    {
        if (offset < 0 || offset > entry.ByteLength - length)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{entry}: bytes {offset} to {offset + length} asked of {entry.ByteLength}");
    }

    private protected static NotSupportedException TooLarge(string path, ArrayEntry entry) =>
        new($"{path}: {entry} has {entry.ByteLength} bytes, more than the 2 GiB that can be had at once");

    /// <summary>One element as a double; 64-bit integers are rounded.</summary>
    internal static double Element(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Bool or ElementType.UInt8 => bytes[0],
        ElementType.Int8 => (sbyte)bytes[0],
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ElementType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such element type"),
    };
}
