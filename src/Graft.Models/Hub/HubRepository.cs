using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Graft.Models;

/// <summary>Brings a model's files from a repository of the Hugging Face Hub, or of a mirror, into the cache.</summary>
sealed class HubRepository(
    HubName name, HubSettings settings, WebClient web, IDownloadProgress? progress, CancellationToken cancellation)
{
    const int MaximumAnswerBytes = 32 << 20;
    const string Config = "config.json", Processor = "preprocessor_config.json";

    readonly HubCache cache = new(settings, name.Repository);
    readonly HubErrors errors = new(name, settings);
    readonly FileDownload download = new(settings, web, progress, cancellation);

    /// <summary>Fetches what is missing.</summary>
    /// <param name="asked">what the user wrote</param>
    /// <exception cref="HubException">It cannot be had.</exception>
    public async Task<FetchedModel> FetchAsync(string asked)
    {
        string revision = name.Revision ?? "main";
        CachedSnapshot cached = CachedSnapshot.Find(cache, revision);
        if (settings.Offline && cached.Problem is not null) throw errors.Offline(cache, revision, cached);
        if (settings.Offline) return Result(asked, cached.Commit!, cached.Files);
        string commit;
        IReadOnlyList<string> files;
        try
        {
            (commit, HashSet<string>? there) = await ListAsync(revision, cached.Problem is null ? 0 : settings.Retries)
                .ConfigureAwait(false);
            files = await FetchFilesAsync(commit, there).ConfigureAwait(false);
        }
        catch (HubException error) when (!error.IsFinal && cached.Problem is null)
        {
            string taken = $"taking {name.Repository} from the cache, commit {cached.Commit![..8]}";
            progress?.Note($"{error.Message.TrimEnd('.')}; {taken}");
            return Result(asked, cached.Commit!, cached.Files);
        }
        catch (HubException error) when (error.IsUnreachable)
        {
            throw errors.Unreachable(error, cache, cached);
        }
        cache.WriteRef(revision, commit);
        return Result(asked, commit, files);
    }

    FetchedModel Result(string asked, string commit, IReadOnlyList<string> files) => new()
    {
        Name = asked,
        Path = cache.SnapshotOf(commit),
        Files = [.. files.Select(file => cache.PathOf(commit, file))],
        Source = $"{settings.Endpoint}/{name.Repository}/tree/{commit}",
        Commit = commit,
        FetchedBytes = download.Fetched,
    };

    async Task<IReadOnlyList<string>> FetchFilesAsync(string commit, HashSet<string>? there)
    {
        List<string> files = [];
        foreach (string file in (string[])[Config, Processor])
            if (await FetchIfThereAsync(commit, file, there).ConfigureAwait(false)) files.Add(file);
        string? weights = there is null ? null : HubFiles.Choose(there) ?? throw errors.NoWeights(there);
        if (weights is not null)
        {
            await FetchFileAsync(commit, weights).ConfigureAwait(false);
        }
        else
        {
            foreach (string usual in HubFiles.Weights)
                if (await FetchIfThereAsync(commit, usual, there).ConfigureAwait(false))
                {
                    weights = usual;
                    break;
                }
            if (weights is null) throw errors.NoWeights(null);
        }
        files.Add(weights);
        if (!HubFiles.IsIndex(weights)) return files;
        foreach (string part in HubFiles.PartsOf(cache.PathOf(commit, weights)))
        {
            await FetchFileAsync(commit, part).ConfigureAwait(false);
            files.Add(part);
        }
        return files;
    }

    /// <summary>What the Hub has at a revision; the names are null where a mirror has no list.</summary>
    async Task<(string Commit, HashSet<string>? Files)> ListAsync(string revision, int retries)
    {
        var address = new Uri($"{settings.Endpoint}/api/models/{name.Repository}/revision/{Uri.EscapeDataString(revision)}");
        using HttpResponseMessage response = await web.AskAsync(
            name.Repository, HttpMethod.Get, address, 0, _ => true, retries, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound && WebClient.Header(response, "X-Error-Code") is null)
        {
            // a mirror of files only: it tells the commit with each of them
            RemoteTag? tag = await HeadAsync(revision, Config).ConfigureAwait(false)
                ?? await HeadAsync(revision, HubFiles.Weights[0]).ConfigureAwait(false);
            return (tag?.Commit ?? throw errors.Of(response, null), null);
        }
        if (response.StatusCode != HttpStatusCode.OK) throw errors.Of(response, null);
        using JsonDocument document = await ParseAsync(address, response).ConfigureAwait(false);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("sha", out JsonElement sha)
            || sha.ValueKind != JsonValueKind.String || !HubCache.IsCommit(sha.GetString()!))
            throw new HubException($"{address}: expected a commit (sha), found none: is this the Hugging Face Hub?");
        HashSet<string> files = new(StringComparer.Ordinal);
        if (root.TryGetProperty("siblings", out JsonElement siblings) && siblings.ValueKind == JsonValueKind.Array)
            foreach (JsonElement file in siblings.EnumerateArray())
                if (file.ValueKind == JsonValueKind.Object && file.TryGetProperty("rfilename", out JsonElement text)
                    && text.ValueKind == JsonValueKind.String && HubCache.IsFileName(text.GetString()!))
                    files.Add(text.GetString()!);
        return (sha.GetString()!, files);
    }

    async Task<JsonDocument> ParseAsync(Uri address, HttpResponseMessage response)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            using var text = new MemoryStream();
            byte[] buffer = new byte[64 << 10];
            while (true)
            {
                stall.CancelAfter(settings.StallTimeout);
                int read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (read == 0) break;
                if (text.Length + read > MaximumAnswerBytes)
                    throw new HubException($"{address}: expected a list of files, found more than {MaximumAnswerBytes} bytes.");
                text.Write(buffer, 0, read);
            }
            return JsonDocument.Parse(text.GetBuffer().AsMemory(0, (int)text.Length));
        }
        catch (JsonException error)
        {
            throw new HubException($"{address}: expected JSON: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        catch (IOException error) when (error is not HubException)
        {
            throw new HubException($"{address}: the connection broke: {WebClient.Reason(error)}.", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new HubException(string.Create(CultureInfo.InvariantCulture,
                $"{address}: nothing came for {settings.StallTimeout.TotalSeconds:0.##} s."), error);
        }
    }

    async Task<bool> FetchIfThereAsync(string commit, string file, HashSet<string>? there)
    {
        if (cache.Has(commit, file)) return true;
        if (there?.Contains(file) ?? !cache.IsKnownMissing(commit, file))
        {
            if (await TryFetchFileAsync(commit, file).ConfigureAwait(false)) return true;
        }
        cache.MarkMissing(commit, file);
        return false;
    }

    async Task FetchFileAsync(string commit, string file)
    {
        if (!cache.Has(commit, file) && !await TryFetchFileAsync(commit, file).ConfigureAwait(false))
            throw new HubException($"{name.Repository}: has no file {file} at {commit[..8]}.") { IsFinal = true };
    }

    async Task<bool> TryFetchFileAsync(string commit, string file)
    {
        if (await HeadAsync(commit, file).ConfigureAwait(false) is not { } tag) return false;
        cache.Prepare();
        using (await LockFile.TakeAsync(cache.LockOf(tag.Tag), file, progress, cancellation).ConfigureAwait(false))
        {
            string blob = cache.BlobOf(tag.Tag);
            bool isNew = !File.Exists(blob) && !cache.Has(commit, file);
            if (isNew)
            {
                var remote = new RemoteFile(tag.Address, file, tag.Size, ContentHash.OfTag(tag.Tag));
                await download.FetchAsync(remote, blob + ".incomplete", blob).ConfigureAwait(false);
            }
            cache.Link(commit, file, tag.Tag, move: isNew);
        }
        return true;
    }

    /// <summary>What the Hub says of a file; null where there is none of that name.</summary>
    async Task<RemoteTag?> HeadAsync(string revision, string file)
    {
        string path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        var address = new Uri($"{settings.Endpoint}/{name.Repository}/resolve/{Uri.EscapeDataString(revision)}/{path}");
        using HttpResponseMessage response = await web.AskAsync(
            $"{name.Repository}: {file}", HttpMethod.Head, address, 0, FollowsForTag, settings.Retries, cancellation)
            .ConfigureAwait(false);
        Uri asked = response.RequestMessage!.RequestUri!;
        int status = (int)response.StatusCode;
        string? code = WebClient.Header(response, "X-Error-Code");
        if (status == 404 && code is null or "EntryNotFound") return null;
        if (status >= 400) throw errors.Of(response, file);
        string? commit = WebClient.Header(response, "X-Repo-Commit");
        string? tag = WebClient.Header(response, "X-Linked-Etag") ?? WebClient.Header(response, "ETag");
        tag = tag?.Trim() is { } text ? (text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text).Trim('"') : null;
        string? size = WebClient.Header(response, "X-Linked-Size");
        if (status == 200) size ??= WebClient.Header(response, "Content-Length");
        if (tag is null || !HubCache.IsTag(tag))
            throw new HubException($"{address}: expected an ETag, found {tag ?? "none"}: is this the Hugging Face Hub?");
        if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            throw new HubException($"{address}: expected the file's size, found {size ?? "none"}.");
        if (commit is not null && !HubCache.IsCommit(commit)) commit = null;
        Uri source = status is >= 300 ? WebClient.Target(asked, response) ?? asked : asked;
        return new RemoteTag(source, tag, bytes, commit ?? (HubCache.IsCommit(revision) ? revision : null));
    }

    /// <summary>
    /// A renamed repository redirects within the host, a large file to a store, with its tag in the answer that redirects.
    /// </summary>
    static bool FollowsForTag(HttpResponseMessage response) =>
        WebClient.Header(response, "X-Linked-Etag") is null
        || (WebClient.Header(response, "Location") is { } location && location.StartsWith('/') && !location.StartsWith("//"));

    sealed record RemoteTag(Uri Address, string Tag, long Size, string? Commit);
}
