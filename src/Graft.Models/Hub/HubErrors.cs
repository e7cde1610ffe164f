namespace Graft.Models;

/// <summary>What the Hub's refusals mean, and what can be done about them.</summary>
sealed class HubErrors(HubName name, HubSettings settings)
{
    string Repository => name.Repository;
    string Page => $"{settings.Endpoint}/{Repository}";
    string Host => WebClient.Host(new Uri(settings.Endpoint));
    bool HasToken => settings.Token is not null;

    /// <summary>The error for an answer that is none of 2xx and 3xx.</summary>
    /// <param name="response">the answer</param>
    /// <param name="file">which file was asked for; null: the repository</param>
    public HubException Of(HttpResponseMessage response, string? file)
    {
        int status = (int)response.StatusCode;
        string? code = WebClient.Header(response, "X-Error-Code");
        string? message = WebClient.Header(response, "X-Error-Message");
        string revision = name.Revision ?? "main";
        if (code == "GatedRepo")
            return new($"{Repository}: is gated: accept its licence at {Page}" +
                (HasToken ? " with the account of your token" : ", then set HF_TOKEN") + $" ({WebClient.Describe(response)}).");
        if (code == "RevisionNotFound")
            return new($"{Repository}: has no revision '{revision}': expected a branch, tag or commit; see {Page}/tree/main.")
            { IsFinal = true };
        if (status == 401 && message?.StartsWith("Invalid", StringComparison.OrdinalIgnoreCase) == true)
            return new($"{Repository}: {Host} does not know your token (HF_TOKEN): {message.TrimEnd('.')}.");
        if (code == "RepoNotFound" || status == 401 || (status == 404 && file is null)) return NoRepository(status);
        if (code == "EntryNotFound" || status == 404)
            return new($"{Repository}: has no file {file} at {revision}.") { IsFinal = true };
        string said = message is { Length: > 0 and < 300 } ? ": " + message.TrimEnd('.') : "";
        return new($"{Repository}: {Host} answers {WebClient.Describe(response)}{said}.");
    }

    /// <summary>The Hub says 401 of what is not there, too: it does not tell strangers what is private.</summary>
    HubException NoRepository(int status)
    {
        IReadOnlyList<string> near = ModelHub.Near(Repository);
        string hint = near.Count > 0 ? $" Did you mean {string.Join(", ", near)}?" : "";
        string who = HasToken ? "your token may not see it, or it is not there"
            : "if it is private or gated, set HF_TOKEN and accept its licence at " + Page;
        return new($"{Repository}: {Host} has no such repository for you to see ({status}): {who}.{hint}");
    }

    /// <summary>The repository has nothing that can be loaded.</summary>
    public HubException NoWeights(IReadOnlySet<string>? files)
    {
        string found = files is null || files.Count == 0 ? "none of them"
            : string.Join(", ", files.Order(StringComparer.Ordinal).Take(8)) + (files.Count > 8 ? ", ..." : "");
        string expected = string.Join(", ", HubFiles.Weights);
        return new($"{Repository}: expected weights, one of {expected}, found {found}.") { IsFinal = true };
    }

    /// <summary>Nobody answers, and the cache does not have it.</summary>
    public HubException Unreachable(HubException error, HubCache cache, CachedSnapshot cached) => new(
        $"{error.Message} The cache does not have it either ({cached.Problem}: {cache.Folder}). " +
        "HF_ENDPOINT names a mirror, HF_HOME another cache.", error);

    /// <summary>Nothing may be asked, and the cache does not have it.</summary>
    public HubException Offline(HubCache cache, string revision, CachedSnapshot cached)
    {
        string where = cached.Commit is { } commit ? cache.SnapshotOf(commit) : cache.Folder;
        return new(
            $"{Repository}@{revision}: not in the cache, and HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) forbids to ask the Hub: " +
            $"{cached.Problem}; looked in {where}. Fetch it once while online: graft download {Repository}")
        { IsFinal = true };
    }
}
