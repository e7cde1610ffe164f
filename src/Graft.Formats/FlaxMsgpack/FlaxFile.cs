namespace Graft.Formats;

/// <summary>
/// A file of Flax's msgpack (<c>flax_model.msgpack</c>, a checkpoint of <c>flax.serialization.to_bytes</c>), memory-mapped. The
/// keys of its nested maps, joined by dots, are the names of the arrays, as they stand: <c>params.encoder.layer.0.kernel</c>.
/// Single numbers and texts become <see cref="ArrayFile.Metadata"/>.
/// </summary>
public sealed class FlaxFile : ArrayFile
{
    readonly MappedFile file;
    readonly List<FlaxPiece[]> places;

    FlaxFile(MappedFile file, FlaxTree tree) : base(file.Path, tree.Entries, tree.Metadata)
    {
        this.file = file;
        places = tree.Places;
    }

    /// <inheritdoc/>
    public override string Kind => "Flax (msgpack)";

    /// <inheritdoc/>
    public override long FileBytes => file.Length;

    /// <summary>Opens a file and checks all of its structure.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, truncated, not of Flax, or holds no arrays.</exception>
    /// <exception cref="NotSupportedException">It holds what Graft cannot compute with, such as complex numbers.</exception>
    public static FlaxFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new(file, FlaxTree.Read(file));
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
        FlaxPiece[] pieces = places[PositionOf(entry)];
        long length = entry.ByteLength;
        if (length > Array.MaxLength) throw TooLarge(Path, entry);
        if (pieces is [var only]) return file.Span(only.Start, (int)length);
        byte[] joined = new byte[length]; // as long as its pieces together, which lie in the file
        Read(entry, 0, joined);
        return joined;
    }

    /// <inheritdoc/>
    public override void Read(ArrayEntry entry, long offset, Span<byte> destination)
    {
        FlaxPiece[] pieces = places[PositionOf(entry)];
        CheckRange(entry, offset, destination.Length);
        foreach ((long start, long length) in pieces)
        {
            if (destination.IsEmpty) return;
            if (offset < length)
            {
                int part = (int)Math.Min(length - offset, destination.Length);
                file.Read(start + offset, destination[..part]);
                destination = destination[part..];
                offset += part;
            }
            offset -= length;
        }
    }

    /// <inheritdoc/>
    public override MappedArray? Map(ArrayEntry entry) =>
        places[PositionOf(entry)] is [var only] ? file.Map(only.Start, only.Length) : null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
    }
}
