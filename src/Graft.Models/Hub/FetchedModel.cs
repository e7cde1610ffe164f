namespace Graft.Models;

/// <summary>A named model, now on this machine.</summary>
public sealed record FetchedModel
{
    /// <summary>What was asked for.</summary>
    public required string Name { get; init; }

    /// <summary>Where it lies: a folder with its configuration, or a file of weights.</summary>
    public required string Path { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Whence it comes: the address of a repository or of a file.</summary>
    public required string Source { get; init; }

    /// <summary>The commit of its repository; null where it comes from none.</summary>
    public string? Commit { get; init; }

    /// <summary>How many bytes were fetched now.</summary>
    /// <value>0: all of it was here already</value>
    public long FetchedBytes { get; init; }
}
