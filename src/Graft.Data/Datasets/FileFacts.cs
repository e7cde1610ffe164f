namespace Graft.Data;

/// <summary>Size and time of change of a file; where the path is a link, of the file that it leads to.</summary>
readonly record struct FileFacts(long Length, long ChangedTicks)
{
    /// <summary>What is said of a file that can't be found.</summary>
    public static readonly FileFacts None = new(-1, 0);

    public static FileFacts Of(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            return file.Exists ? new FileFacts(file.Length, file.LastWriteTimeUtc.Ticks) : None;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }
}
