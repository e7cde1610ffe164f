namespace Graft.Tests;

/// <summary>Real photographs and weights, which live beside the repository. Tests that need them are skipped without.</summary>
static class SharedFiles
{
    /// <summary>The folder named by <c>GRAFT_SHARED</c>, or <c>../shared</c> beside the repository; null without one.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the shared folder. Skips the running test when the folder or the path is absent.</summary>
    public static string Require(string relative)
    {
        if (Root is null) Assert.Skip("no shared folder: set GRAFT_SHARED or put it beside the repository as ../shared");
        string path = Path.Combine(Root!, relative);
        if (!Path.Exists(path)) Assert.Skip($"the shared folder has no {relative}");
        return path;
    }

    /// <summary>The repository's root: the nearest parent of the test binary that holds <c>Graft.slnx</c>.</summary>
    public static string Repository { get; } = FindRepository();

    static string? Find()
    {
        string? set = Environment.GetEnvironmentVariable("GRAFT_SHARED");
        if (!string.IsNullOrEmpty(set)) return Directory.Exists(set) ? set : null;
        string beside = Path.GetFullPath(Path.Combine(FindRepository(), "..", "shared"));
        return Directory.Exists(beside) ? beside : null;
    }

    static string FindRepository()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Graft.slnx"))) return at;
        throw new InvalidOperationException("Graft.slnx not found above " + AppContext.BaseDirectory);
    }
}
