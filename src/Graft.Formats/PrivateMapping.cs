using System.IO.MemoryMappedFiles;

namespace Graft.Formats;

/// <summary>
/// A file in memory that may be written to: what is written stays in this process and never reaches the file. Pages are read when
/// they are first touched. It lives until everyone who holds it has released it, whether or not the file is open or still there.
/// </summary>
public sealed unsafe class PrivateMapping
{
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    int holders;

    PrivateMapping(MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        this.file = file;
        this.view = view;
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Start = (nint)(pointer + view.PointerOffset);
    }

    /// <summary>The address of the file's first byte.</summary>
    internal nint Start { get; }

    /// <summary>Maps a file; null where its file system cannot.</summary>
    internal static PrivateMapping? TryOpen(string path, long length)
    {
        FileStream? stream = null;
        MemoryMappedFile? file = null;
        try
        {
            stream = MappedFile.OpenStream(path);
            file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
            if (stream.Length == length)
                return new(file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // whoever asked reads it instead
        }
        file?.Dispose();
        stream?.Dispose();
        return null;
    }

    /// <summary>Keeps it alive until <see cref="Release"/>.</summary>
    public void Hold() => Interlocked.Increment(ref holders);

    /// <summary>The other half of <see cref="Hold"/>.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) != 0) return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
