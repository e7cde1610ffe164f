using System.Collections.Concurrent;

namespace Graft.Models.Tests.Hub;

/// <summary>Another host, which has contents by the last part of their address.</summary>
sealed class FileStore : LoopbackServer
{
    readonly ConcurrentQueue<Func<WebRequest, byte[], WebAnswer>> next = new();

    public ConcurrentDictionary<string, byte[]> Contents { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers the next request so; further ones wait in line.</summary>
    public FileStore Next(Func<WebRequest, byte[], WebAnswer> answer)
    {
        next.Enqueue(answer);
        return this;
    }

    /// <summary>The usual answer.</summary>
    public static WebAnswer Whole(WebRequest request, byte[] content) => FakeHub.Part(request, content, []);

    protected override WebAnswer Answer(WebRequest request)
    {
        string key = request.Path.Split('?')[0].Split('/')[^1];
        if (!Contents.TryGetValue(key, out byte[]? content)) return new WebAnswer(404, "Not Found");
        next.TryDequeue(out Func<WebRequest, byte[], WebAnswer>? answer);
        return (answer ?? Whole)(request, content);
    }
}
