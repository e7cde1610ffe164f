namespace Graft.Models;

/// <summary>
/// A lock between processes, as Python's filelock makes it (flock): one of them fetches a file, the others wait and find it.
/// </summary>
static class LockFile
{
    const int PollMilliseconds = 50;
    const int NoteAfterMilliseconds = 2000;

    /// <summary>Waits until the lock is ours; disposing lets it go.</summary>
    public static async Task<IDisposable> TakeAsync(
        string path, string what, IDownloadProgress? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        long start = Environment.TickCount64;
        for (bool noted = false; ;)
        {
            try
            {
                var options = new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None, // which is flock's exclusive lock
                    BufferSize = 0,
                };
                if (!OperatingSystem.IsWindows())
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
                        | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;
                return new FileStream(path, options);
            }
            catch (IOException error) when (IsTaken(error))
            {
                cancellation.ThrowIfCancellationRequested();
                if (!noted && Environment.TickCount64 - start > NoteAfterMilliseconds)
                {
                    progress?.Note($"{what}: another process is fetching it; waiting");
                    noted = true;
                }
            }
            await Task.Delay(PollMilliseconds, cancellation).ConfigureAwait(false);
        }
    }

    // EWOULDBLOCK of Linux and of macOS, Windows' sharing violation
    static bool IsTaken(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
