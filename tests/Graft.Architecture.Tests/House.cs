using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Graft.Tests;

namespace Graft.Architecture.Tests;

/// <summary>The house as <c>docs/architecture.md</c> draws it: who lives on which floor, and where its files are.</summary>
static class House
{
    /// <summary>A project may reference only projects on lower floors, and two of one floor never meet.</summary>
    public static readonly IReadOnlyDictionary<string, int> Floors = new Dictionary<string, int>
    {
        ["Graft.Formats"] = 0,
        ["Graft.Imaging"] = 0,
        ["Graft.Torch"] = 1,
        ["Graft.Nn"] = 2,
        ["Graft.Data"] = 2,
        ["Graft.Models"] = 3,
        ["Graft.Training"] = 3,
        ["Graft"] = 4,
        ["Graft.Cli"] = 6,
    };

    /// <summary>The only projects that may call native code, each from its <c>Interop</c> namespace.</summary>
    public static readonly IReadOnlyList<string> WithNativeHalf = ["Graft.Imaging", "Graft.Torch"];

    public static IEnumerable<string> Projects => Floors.Keys;

    public static TheoryData<string> EveryProject => [.. Projects];

    public static string Root => SharedFiles.Repository;

    public static string ProjectFolder(string project) => Path.Combine(Root, "src", project);

    /// <summary>The project that an assembly was built from, or null when it is none of ours.</summary>
    public static string? ProjectOf(string assembly) =>
        assembly == "graft-cli" ? "Graft.Cli" : Floors.ContainsKey(assembly) ? assembly : null;

    /// <summary>The built assembly of a project, beside these tests.</summary>
    public static string AssemblyPath(string project) =>
        Path.Combine(AppContext.BaseDirectory, (project == "Graft.Cli" ? "graft-cli" : project) + ".dll");

    public static T ReadMetadata<T>(string project, Func<MetadataReader, T> read)
    {
        using PEReader file = new(File.OpenRead(AssemblyPath(project)));
        return read(file.GetMetadataReader());
    }

    /// <summary>The C# files of a folder of the repository, without what the build wrote.</summary>
    public static IEnumerable<string> SourceFiles(string folder, string pattern = "*.cs")
    {
        string start = Path.Combine(Root, folder);
        return Directory.Exists(start)
            ? Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories).Where(path => !IsBuilt(path))
            : [];
    }

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>Fails with the whole list when it isn't empty.</summary>
    public static void AssertNone(IReadOnlyCollection<string> offenders) =>
        Assert.True(offenders.Count == 0, string.Join("\n", offenders));

    static bool IsBuilt(string path) =>
        Relative(path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "build");
}
