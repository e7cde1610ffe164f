using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Graft.Formats;

/// <summary>
/// A file mapped into memory, read only. It has no finalizer on purpose: a mapping that nobody closes stays, which is better
/// than one that goes away under a span.
/// </summary>
sealed unsafe class MappedFile : IDisposable
{
    const int LargePart = 1 << 16;

    readonly SafeFileHandle? handle;
    readonly MemoryMappedFile? file;
    readonly MemoryMappedViewAccessor? view;
    byte* start;
    PrivateMapping? mapping;
    bool closed;

    MappedFile(string path, FileStream stream)
    {
        Path = path;
        Length = stream.Length;
        if (Length == 0)
        {
            stream.Dispose();
            return; // an empty file cannot be mapped
        }
        try
        {
            file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            start = pointer + view.PointerOffset;
            handle = stream.SafeFileHandle;
        }
        catch
        {
            view?.Dispose();
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a folder, or cannot be read.</exception>
    public static MappedFile Open(string path, string expected = "a file of weights") => new(path, OpenStream(path, expected));

    /// <inheritdoc cref="Open"/>
    public static FileStream OpenStream(string path, string expected = "a file of weights")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new IOException($"{path}: expected {expected}, found a folder");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file", path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>
    /// A part of the file. Callers have checked the range against <see cref="Length"/>; it is checked here once more.
    /// </summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new InvalidDataException($"{Path}: bytes {offset} to {offset + length} asked of a file of {Length}");
        return length == 0 ? [] : new(start + offset, length);
    }

    /// <summary>
    /// Copies a part of the file. A large one is read, not copied out of the mapping, whose pages would count as memory of this
    /// process on top of the copy and fault in one by one.
    /// </summary>
    public void Read(long offset, Span<byte> destination)
    {
        ReadOnlySpan<byte> mapped = Span(offset, destination.Length);
        if (destination.Length < LargePart)
        {
            mapped.CopyTo(destination);
            return;
        }
        for (int done = 0; done < destination.Length;)
        {
            int count = RandomAccess.Read(handle!, destination[done..], offset + done);
            if (count == 0) throw new InvalidDataException($"{Path}: became shorter while it was read");
            done += count;
        }
    }

    /// <summary>A part of the file as private memory; null where that cannot be.</summary>
    public MappedArray? Map(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (offset < 0 || length <= 0 || offset > Length - length) return null;
        if (mapping is null)
        {
            mapping = PrivateMapping.TryOpen(Path, Length);
            mapping?.Hold();
        }
        return mapping is null ? null : new(mapping.Start + (nint)offset, mapping);
    }

    /// <summary>The first bytes, at most <paramref name="length"/>, from <paramref name="offset"/> on.</summary>
    public ReadOnlySpan<byte> SpanUpTo(long offset, int length) => Span(offset, (int)Math.Min(length, Length - offset));

    public void Dispose()
    {
        if (closed) return;
        closed = true;
        mapping?.Release();
        if (start is null) return;
        start = null;
        view!.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file!.Dispose();
    }
}
