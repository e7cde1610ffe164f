namespace Graft.Formats.Tests;

/// <summary>A folder that goes away with the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("graft-formats-").FullName;

    public string At(string name) => Path.Combine(folder, name);

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = At(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string[] Names => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order()];

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
