using System.Text;
using System.Text.Json;
using Graft.Formats;
using Graft.Training;

namespace Graft;

/// <summary>
/// The folder of a run. It is there from the start, with the run's settings and its checkpoints, so that a run that was killed
/// can go on; the model and the summary come last, each file written beside its place and renamed. While a process works on a
/// run, it holds a lock on it.
/// </summary>
sealed class RunFolder : IDisposable
{
    const string LockFile = ".lock";

    static readonly JsonWriterOptions indented = new() { Indented = true, NewLine = "\n" };

    readonly FileStream held;
    readonly List<string> createdParents;
    readonly bool isNew;
    bool isFinished;

    RunFolder(string target, FileStream held, List<string> createdParents, bool isNew) =>
        (Target, this.held, this.createdParents, this.isNew) = (target, held, createdParents, isNew);

    /// <summary>The folder.</summary>
    public string Target { get; }

    /// <summary>Where the checkpoints lie.</summary>
    public string Checkpoints => CheckpointsOf(Target);

    /// <summary>Prepares a folder; nothing that exists is touched.</summary>
    /// <param name="output">the folder that was asked for, or null for <c>runs/MODEL-DATA-N</c></param>
    /// <param name="model">the model's name</param>
    /// <param name="data">the data's folder</param>
    /// <exception cref="IOException">The folder is there already and holds something, or it can't be written.</exception>
    public static RunFolder Create(string? output, string model, string data)
    {
        if (output is not null)
        {
            string target = NewFolder.At(output, found =>
                File.Exists(Path.Combine(found, RunFiles.Job)) && !File.Exists(Path.Combine(found, RunFiles.Summary))
                    ? $"go on with what lies there: --resume {output}" : null);
            return TryTake(target)
                ?? throw new IOException($"{output}: another run has just taken this folder. Give another --out.");
        }
        string dataName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        foreach (string candidate in NewFolder.Numbered($"{RunNames.Slug(model)}-{RunNames.Slug(dataName)}"))
            if (TryTake(candidate) is { } taken) return taken;
        throw new IOException("runs: there is no free folder. Give one with --out.");
    }

    /// <summary>Takes up a run that is not at its end.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is no run's folder.</exception>
    /// <exception cref="IOException">Another process works on it.</exception>
    public static RunFolder Reopen(string run)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(run));
        if (!Directory.Exists(target)) throw new DirectoryNotFoundException($"{run}: no such folder.");
        if (!File.Exists(Path.Combine(target, RunFiles.Job)))
            throw new InvalidDataException($"{run}: expected the folder of a run, found no {RunFiles.Job} in it.");
        try
        {
            var folder = new RunFolder(target, Lock(target, FileMode.OpenOrCreate), [], isNew: false);
            folder.Sweep();
            return folder;
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new IOException($"{run}: another process is working on this run. Wait for its end, or stop it.", error);
        }
    }

    /// <summary>Refuses a run that is at its end.</summary>
    /// <exception cref="InvalidOperationException">It is.</exception>
    public void CheckUnfinished()
    {
        if (!File.Exists(PathOf(RunFiles.Summary))) return;
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(PathOf(RunFiles.Summary)));
        if (summary.RootElement.TryGetProperty("cancelled", out JsonElement cancelled) && cancelled.GetBoolean()) return;
        throw new InvalidOperationException($"{Target}: this run is at its end; there is nothing to resume. Start another run.");
    }

    // what a killed process had not yet renamed
    void Sweep()
    {
        foreach (string place in (string[])[Target, Checkpoints])
            if (Directory.Exists(place))
                foreach (string part in Directory.EnumerateFiles(place, ".*.part")) File.Delete(part);
    }

    /// <summary>Where the checkpoints of a run lie.</summary>
    public static string CheckpointsOf(string run) => Path.Combine(run, "checkpoints");

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(Target, name);

    /// <summary>Writes a text with Unix line ends, whole or not at all.</summary>
    public void Write(string name, string text) => WriteBytes(name, new UTF8Encoding(false).GetBytes(text));

    /// <summary>Adds a line of JSON to a file.</summary>
    public void Append(string name, Action<Utf8JsonWriter> write)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line)) write(json);
        line.WriteByte((byte)'\n');
        using FileStream file = new(PathOf(name), FileMode.Append);
        file.Write(line.GetBuffer(), 0, (int)line.Length);
    }

    /// <summary>Writes a JSON document, whole or not at all.</summary>
    public void WriteJson(string name, Action<Utf8JsonWriter> write)
    {
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document, indented)) write(json);
        document.WriteByte((byte)'\n');
        WriteBytes(name, document.ToArray());
    }

    /// <summary>The run is whole: from here on it stays.</summary>
    public void Finish() => isFinished = true;

    /// <summary>Gives the folder free; a new one that holds nothing to go on from is taken away.</summary>
    public void Dispose()
    {
        held.Dispose();
        try
        {
            File.Delete(PathOf(LockFile));
            if (isFinished || !isNew || CheckpointFolder.Any(Checkpoints)) return;
            if (Directory.Exists(Target)) Directory.Delete(Target, recursive: true);
            foreach (string parent in createdParents)
                if (Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any()) Directory.Delete(parent);
        }
        catch (IOException)
        {
            // the reason why the run failed is the one worth telling
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    void WriteBytes(string name, byte[] bytes) => AtomicFile.Write(PathOf(name), stream => stream.Write(bytes), bytes.Length);

    // null when another process was faster
    static RunFolder? TryTake(string target)
    {
        List<string> missing = MissingParents(Path.GetDirectoryName(target)!);
        try
        {
            Directory.CreateDirectory(target);
            return new RunFolder(target, Lock(target, FileMode.CreateNew), missing, isNew: true);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{target}: the run's folder can't be written ({error.Message}). Give another --out.", error);
        }
        catch (IOException) when (File.Exists(Path.Combine(target, LockFile)))
        {
            return null;
        }
    }

    static FileStream Lock(string target, FileMode mode) =>
        new(Path.Combine(target, LockFile), mode, FileAccess.ReadWrite, FileShare.None);

    // deepest first
    static List<string> MissingParents(string folder)
    {
        List<string> missing = [];
        for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at)) missing.Add(at);
        return missing;
    }
}
