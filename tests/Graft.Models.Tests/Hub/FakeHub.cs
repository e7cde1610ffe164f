using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Graft.Models.Tests.Hub;

/// <summary>
/// Answers as the Hugging Face Hub does: a list of files, tags and commits on HEAD, small files at once, large ones from a store
/// on another host.
/// </summary>
sealed class FakeHub : LoopbackServer
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    readonly ConcurrentDictionary<string, byte[]> files = new(StringComparer.Ordinal);
    readonly List<(Func<WebRequest, bool> When, Func<WebRequest, WebAnswer> Answer, int[] Left)> exceptions = [];

    /// <summary>The store of large files.</summary>
    public FileStore Store { get; } = new();

    /// <summary>The repository's name.</summary>
    public string Repository { get; init; } = "org/tiny";

    /// <summary>Revisions and their commits.</summary>
    public Dictionary<string, string> Revisions { get; } = new() { ["main"] = Commit };

    /// <summary>Whether there is a list of files.</summary>
    public bool HasList { get; init; } = true;

    /// <summary>The token without which nothing is there.</summary>
    public string? Token { get; init; }

    public FakeHub Add(string name, byte[] content)
    {
        files[name] = content;
        if (IsLarge(name)) Store.Contents[Sha256(content)] = content;
        return this;
    }

    public FakeHub Add(string name, string content) => Add(name, Encoding.UTF8.GetBytes(content));

    /// <summary>Answers otherwise for some requests, the first few of them or all.</summary>
    public FakeHub When(Func<WebRequest, bool> when, Func<WebRequest, WebAnswer> answer, int times = int.MaxValue)
    {
        lock (exceptions) exceptions.Add((when, answer, [times]));
        return this;
    }

    public string TagOf(string name) => IsLarge(name) ? Sha256(files[name]) : GitHash(files[name]);

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitHash(byte[] content)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0"));
        return Convert.ToHexStringLower(SHA1.HashData([.. head, .. content]));
    }

    static bool IsLarge(string name) => Path.GetExtension(name) is ".safetensors" or ".bin" or ".msgpack";

    protected override WebAnswer Answer(WebRequest request)
    {
        lock (exceptions)
            foreach ((Func<WebRequest, bool> when, Func<WebRequest, WebAnswer> answer, int[] left) in exceptions)
                if (left[0] > 0 && when(request))
                {
                    left[0]--;
                    return answer(request);
                }
        if (Token is not null && request["Authorization"] != "Bearer " + Token)
            return WebAnswer.Error(401, "Unauthorized", "RepoNotFound", "Repository not found");
        string list = $"/api/models/{Repository}/revision/", file = $"/{Repository}/resolve/";
        if (request.Path.StartsWith(list, StringComparison.Ordinal))
            return HasList ? List(Uri.UnescapeDataString(request.Path[list.Length..])) : new WebAnswer(404, "Not Found");
        if (!request.Path.StartsWith(file, StringComparison.Ordinal))
            return WebAnswer.Error(404, "Not Found", "RepoNotFound", "Repository not found");
        string[] parts = request.Path[file.Length..].Split('/', 2);
        return File(request, Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
    }

    public override void Dispose()
    {
        base.Dispose();
        Store.Dispose();
    }

    string? CommitOf(string revision) =>
        Revisions.TryGetValue(revision, out string? commit) ? commit : Revisions.ContainsValue(revision) ? revision : null;

    WebAnswer List(string revision)
    {
        if (CommitOf(revision) is not { } commit)
            return WebAnswer.Error(404, "Not Found", "RevisionNotFound", $"Invalid rev id: {revision}");
        var siblings = files.Keys.Order(StringComparer.Ordinal).Select(name => new { rfilename = name });
        return WebAnswer.Json(JsonSerializer.Serialize(new { id = Repository, sha = commit, siblings }));
    }

    WebAnswer File(WebRequest request, string revision, string name)
    {
        if (CommitOf(revision) is not { } commit)
            return WebAnswer.Error(404, "Not Found", "RevisionNotFound", $"Invalid rev id: {revision}");
        if (!files.TryGetValue(name, out byte[]? content))
        {
            WebAnswer missing = WebAnswer.Error(404, "Not Found", "EntryNotFound", "Entry not found");
            missing.Headers["X-Repo-Commit"] = commit;
            return missing;
        }
        Dictionary<string, string> headers = new() { ["X-Repo-Commit"] = commit };
        if (!IsLarge(name))
        {
            headers["ETag"] = $"\"{GitHash(content)}\"";
            return Part(request, content, headers);
        }
        headers["X-Linked-Etag"] = $"\"{Sha256(content)}\"";
        headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        headers["Location"] = $"{Store.Address}/store/{Sha256(content)}?Signature=secret";
        return new WebAnswer(302, "Found") { Headers = headers };
    }

    /// <summary>A body or the part of it that was asked for.</summary>
    public static WebAnswer Part(WebRequest request, byte[] content, Dictionary<string, string> headers)
    {
        if (request["Range"] is not { } range) return new WebAnswer(200, "OK") { Body = content, Headers = headers };
        int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        headers["Content-Range"] = from < content.Length
            ? string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{content.Length - 1}/{content.Length}")
            : string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
        return from < content.Length
            ? new WebAnswer(206, "Partial Content") { Body = content[from..], Headers = headers }
            : new WebAnswer(416, "Range Not Satisfiable") { Headers = headers };
    }
}
