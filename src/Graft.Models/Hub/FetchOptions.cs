namespace Graft.Models;

/// <summary>How a model that is named, not given as a file, is brought here.</summary>
public sealed record FetchOptions
{
    /// <summary>The branch, tag or commit of a repository of the Hub; a <c>name@revision</c> says it too.</summary>
    /// <value>null: the name's own, else <c>main</c></value>
    public string? Revision { get; init; }

    /// <summary>Sees how it gets on.</summary>
    /// <value>null: nobody does</value>
    public IDownloadProgress? Progress { get; init; }

    /// <summary>Stops a download; what has come is kept, and the next try goes on from there.</summary>
    /// <value>never</value>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Where things are fetched from and kept.</summary>
    internal HubSettings? Settings { get; init; }
}
