using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Graft.Tests;

/// <summary>A real Chromium without a window, steered over its DevTools protocol.</summary>
sealed class Browser : IDisposable
{
    static readonly string[] places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    readonly string profile = Directory.CreateTempSubdirectory("graft-browser-").FullName;
    readonly Process process;
    readonly ClientWebSocket socket = new();
    readonly CancellationToken stop;
    readonly List<string> complaints = [], requests = [];
    int number;
    bool isLoaded;

    Browser(string program, CancellationToken stop)
    {
        this.stop = stop;
        process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
    }

    /// <summary>Errors on the page's console, exceptions of its scripts.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>What the page asked the network for: its own file, and all else that is not within it.</summary>
    public IReadOnlyList<string> Requests => requests;

    /// <summary>A browser; the test is skipped where there is none.</summary>
    public static async Task<Browser> Start(CancellationToken stop)
    {
        string? program = places.FirstOrDefault(File.Exists);
        if (program is null) Assert.Skip("there is no Chromium here: apt-get install chromium");
        var browser = new Browser(program, stop);
        try
        {
            await browser.Connect();
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file on a screen of that width, in light or dark, and waits until all of it is there.</summary>
    public async Task Open(string path, int width, bool dark = false)
    {
        complaints.Clear();
        requests.Clear();
        var screen = new { width, height = 900, deviceScaleFactor = 1, mobile = width < 600 };
        await Call("Emulation.setDeviceMetricsOverride", screen);
        await Call("Emulation.setEmulatedMedia", new
        {
            features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } },
        });
        isLoaded = false;
        await Call("Page.navigate", new { url = new Uri(path).AbsoluteUri });
        while (!isLoaded) Handle(await Receive());
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonElement> Evaluate(string expression)
    {
        JsonElement answer = await Call("Runtime.evaluate", new { expression, returnByValue = true });
        if (answer.TryGetProperty("exceptionDetails", out JsonElement error))
            throw new InvalidOperationException(error.GetRawText());
        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>The whole page as a PNG.</summary>
    public async Task<byte[]> Screenshot()
    {
        JsonElement answer = await Call("Page.captureScreenshot", new { format = "png", captureBeyondViewport = true });
        return answer.GetProperty("data").GetBytesFromBase64();
    }

    public void Dispose()
    {
        socket.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        try
        {
            Directory.Delete(profile, recursive: true);
        }
        catch (IOException)
        {
            // a child of the browser may still write; the folder is a temporary one
        }
    }

    async Task Connect()
    {
        // it tells where it listens
        const string Sign = "DevTools listening on ";
        string address = "";
        while (address.Length == 0)
        {
            string line = await process.StandardError.ReadLineAsync(stop)
                ?? throw new InvalidOperationException("Chromium ended before it listened");
            if (line.StartsWith(Sign, StringComparison.Ordinal)) address = line[Sign.Length..];
        }
        _ = process.StandardError.ReadToEndAsync(CancellationToken.None); // or it would wait for somebody to read
        string root = "http://" + new Uri(address).Authority;
        using var http = new HttpClient();
        using JsonDocument pages = JsonDocument.Parse(await http.GetStringAsync(root + "/json", stop));
        JsonElement page = pages.RootElement.EnumerateArray().First(one => one.GetProperty("type").GetString() == "page");
        await socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), stop);
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"]) await Call(domain + ".enable", new { });
    }

    async Task<JsonElement> Call(string method, object parameters)
    {
        int id = ++number;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters });
        await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, stop);
        while (true)
        {
            JsonElement answer = await Receive();
            if (!answer.TryGetProperty("id", out JsonElement of) || of.GetInt32() != id)
            {
                Handle(answer);
                continue;
            }
            if (answer.TryGetProperty("error", out JsonElement error)) throw new InvalidOperationException($"{method}: {error}");
            return answer.GetProperty("result");
        }
    }

    async Task<JsonElement> Receive()
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, stop);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) break;
        }
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length));
        return document.RootElement.Clone();
    }

    void Handle(JsonElement message)
    {
        if (!message.TryGetProperty("method", out JsonElement method)) return;
        JsonElement content = message.GetProperty("params");
        switch (method.GetString())
        {
            case "Page.loadEventFired":
                isLoaded = true;
                break;
            case "Runtime.exceptionThrown" or "Log.entryAdded":
                complaints.Add(content.GetRawText());
                break;
            case "Runtime.consoleAPICalled" when content.GetProperty("type").GetString() is "error" or "warning" or "assert":
                complaints.Add(content.GetRawText());
                break;
            case "Network.requestWillBeSent"
                when content.GetProperty("request").GetProperty("url").GetString() is { } url && !url.StartsWith("data:"):
                requests.Add(url);
                break;
        }
    }
}
