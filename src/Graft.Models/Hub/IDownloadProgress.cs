namespace Graft.Models;

/// <summary>Sees how a download gets on. Every method may be left out; all are called by one thread at a time.</summary>
public interface IDownloadProgress
{
    /// <summary>Something worth a line: that the server is asked again, that a cached copy is taken.</summary>
    void Note(string message) { }

    /// <summary>A file is about to come.</summary>
    /// <param name="file">its name</param>
    /// <param name="bytes">how long it is; null where the server has not said</param>
    /// <param name="already">how much of it an earlier try left</param>
    void Started(string file, long? bytes, long already) { }

    /// <summary>More of the current file is there.</summary>
    /// <param name="file">its name</param>
    /// <param name="bytes">how much of it is there now</param>
    /// <param name="total">how long it is; null where the server has not said</param>
    void Advanced(string file, long bytes, long? total) { }

    /// <summary>No more of the file comes: it is complete and its hash is right, or an error tells what happened.</summary>
    void Finished(string file) { }
}
