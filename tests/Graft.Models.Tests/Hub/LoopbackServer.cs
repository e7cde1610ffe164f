using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Graft.Models.Tests.Hub;

/// <summary>A web server on loopback that answers as a test wants it to: late, half, wrongly.</summary>
abstract class LoopbackServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource closing = new();
    readonly Task accepting;

    protected LoopbackServer()
    {
        listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        accepting = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>What was asked, in its order.</summary>
    public ConcurrentQueue<WebRequest> Requests { get; } = new();

    /// <summary>"HEAD /path" of each request.</summary>
    public IReadOnlyList<string> Lines => [.. Requests.Select(one => $"{one.Method} {one.Path}")];

    protected abstract WebAnswer Answer(WebRequest request);

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(closing.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                WebAnswer answer = Answer(request);
                await Task.Delay(answer.Delay, closing.Token);
                await WriteAsync(stream, request, answer);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // the other side has gone
            }
    }

    static async Task<WebRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0) return null;
            text.Append((char)one[0]);
        }
        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] start = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new WebRequest(start[0], start[1], headers);
    }

    async Task WriteAsync(NetworkStream stream, WebRequest request, WebAnswer answer)
    {
        if (answer.Raw is { } raw)
        {
            await stream.WriteAsync(raw);
            return;
        }
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {answer.Reason}\r\n");
        foreach ((string name, string value) in answer.Headers) head.Append($"{name}: {value}\r\n");
        if (!answer.Headers.ContainsKey("Content-Length") && !answer.WithoutLength)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        head.Append("Connection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()));
        if (request.Method == "HEAD") return;
        int end = Math.Min(answer.Body.Length, answer.CutAfter);
        int step = answer.Piece > 0 ? answer.Piece : Math.Max(1, end);
        for (int at = 0; at < end; at += step)
        {
            await stream.WriteAsync(answer.Body.AsMemory(at, Math.Min(step, end - at)));
            if (answer.Pause > TimeSpan.Zero) await Task.Delay(answer.Pause, closing.Token);
        }
        if (answer.Hangs) await Task.Delay(Timeout.Infinite, closing.Token);
    }

    public virtual void Dispose()
    {
        if (closing.IsCancellationRequested) return;
        closing.Cancel();
        listener.Dispose();
        accepting.Wait();
    }
}
