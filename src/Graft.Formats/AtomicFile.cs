using System.Text;

namespace Graft.Formats;

/// <summary>
/// Writes a file whole or not at all: beside the target under a passing name, flushed to the disk, then renamed over it. When
/// anything fails (a full disk, a writer that throws) the target is as it was and nothing is left behind.
/// </summary>
public static class AtomicFile
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes what <paramref name="write"/> puts into the stream.</summary>
    /// <param name="path">The target; an older file there is replaced. Its folder must exist.</param>
    /// <param name="write">Writes the content from front to back.</param>
    /// <param name="expectedLength">
    /// Bytes to reserve beforehand, so that a full disk shows at once; 0 where it is not known.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">It cannot be written, for example because the disk is full.</exception>
    public static void Write(string path, Action<Stream> write, long expectedLength = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: expected a file, found a root folder");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{path}: there is no folder {folder}");
        if (Directory.Exists(full)) throw new IOException($"{path}: expected a file, found a folder");

        string passing = Path.Combine(folder, $".{Path.GetRandomFileName()}.part");
        try
        {
            using (FileStream stream = new(passing, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 1 << 16,
                PreallocationSize = expectedLength,
            }))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(passing, full, overwrite: true);
        }
        catch (Exception error)
        {
            TryDelete(passing);
            if (error is IOException && error.GetType() == typeof(IOException) && error.Message.Contains(passing))
                throw new IOException($"{path}: cannot be written: {error.Message.Replace(passing, full)}", error);
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte-order mark.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text)
    {
        byte[] bytes = utf8.GetBytes(text);
        Write(path, stream => stream.Write(bytes), bytes.Length);
    }

    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to tell.
        }
    }
}
