using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Graft;

/// <summary>
/// The folder of a run in the making. It is written beside its place under another name, and takes its own name when it is whole:
/// a run's folder is never half there.
/// </summary>
sealed class RunFolder : IDisposable
{
    static readonly JsonWriterOptions indented = new() { Indented = true, NewLine = "\n" };

    readonly bool isNumbered;
    readonly string wanted;
    bool isFinished;

    RunFolder(string wanted, bool isNumbered)
    {
        this.wanted = wanted;
        this.isNumbered = isNumbered;
        Target = isNumbered ? FirstFree(wanted) : wanted;
        string parent = Path.GetDirectoryName(Target)!;
        CreatedParents = MissingParents(parent);
        Directory.CreateDirectory(parent);
        Unfinished = Path.Combine(parent, $".{Path.GetFileName(Target)}.{Environment.ProcessId}.unfinished");
        Directory.CreateDirectory(Unfinished);
    }

    /// <summary>Where files are written until the run is finished.</summary>
    public string Unfinished { get; }

    /// <summary>The place that the folder gets.</summary>
    public string Target { get; private set; }

    IReadOnlyList<string> CreatedParents { get; }

    /// <summary>Prepares a folder; nothing that exists is touched.</summary>
    /// <param name="output">the folder that was asked for, or null for <c>runs/MODEL-DATA-N</c></param>
    /// <param name="model">the model's name</param>
    /// <param name="data">the data's folder</param>
    /// <exception cref="IOException">The folder is there already and holds something.</exception>
    public static RunFolder Create(string? output, string model, string data)
    {
        if (output is null)
        {
            string dataName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
            string name = $"{RunNames.Slug(model)}-{RunNames.Slug(dataName)}";
            return new RunFolder(Path.GetFullPath(Path.Combine("runs", name)), isNumbered: true);
        }
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        CheckFree(target, output);
        return new RunFolder(target, isNumbered: false);
    }

    /// <summary>The path of a file in the unfinished folder.</summary>
    public string PathOf(string name) => Path.Combine(Unfinished, name);

    /// <summary>Writes a text with Unix line ends.</summary>
    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text, new UTF8Encoding(false));

    /// <summary>Adds a line of JSON to a file.</summary>
    public void Append(string name, Action<Utf8JsonWriter> write)
    {
        using FileStream file = new(PathOf(name), FileMode.Append);
        using (var json = new Utf8JsonWriter(file)) write(json);
        file.WriteByte((byte)'\n');
    }

    /// <summary>Writes a JSON document.</summary>
    public void WriteJson(string name, Action<Utf8JsonWriter> write)
    {
        using FileStream file = File.Create(PathOf(name));
        using (var json = new Utf8JsonWriter(file, indented)) write(json);
        file.WriteByte((byte)'\n');
    }

    /// <summary>Gives the folder its name: from here on it stays.</summary>
    /// <exception cref="IOException">Something else took its place meanwhile.</exception>
    public void Finish()
    {
        const int Tries = 1000;
        for (int i = 0; ; i++)
        {
            try
            {
                CheckFree(Target, Target);
                if (Directory.Exists(Target)) Directory.Delete(Target); // it is empty
                Directory.Move(Unfinished, Target);
                break;
            }
            catch (IOException) when (isNumbered && i < Tries && Path.Exists(Target))
            {
                Target = FirstFree(wanted); // another run was faster
            }
        }
        isFinished = true;
    }

    /// <summary>Unless it was finished, leaves nothing behind.</summary>
    public void Dispose()
    {
        if (isFinished) return;
        try
        {
            if (Directory.Exists(Unfinished)) Directory.Delete(Unfinished, recursive: true);
            foreach (string parent in CreatedParents)
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

    static void CheckFree(string target, string shown)
    {
        if (File.Exists(target)) throw new IOException($"{shown}: expected a new folder for the run, found a file.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new IOException($"{shown}: the folder is not empty, and a run overwrites nothing. Give another --out.");
    }

    static string FirstFree(string wanted)
    {
        for (int number = 1; ; number++)
        {
            string candidate = $"{wanted}-{number.ToString(CultureInfo.InvariantCulture)}";
            if (!Path.Exists(candidate)) return candidate;
        }
    }

    // deepest first
    static List<string> MissingParents(string folder)
    {
        List<string> missing = [];
        for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at)) missing.Add(at);
        return missing;
    }
}
