using System.Globalization;

namespace Graft.Models;

/// <summary>
/// Where models are fetched from and kept: read from the variables that Python's huggingface_hub and torch read, so that what
/// either side has downloaded the other finds.
/// </summary>
sealed record HubSettings
{
    /// <summary>The Hub or a mirror of it, without a slash at the end: <c>HF_ENDPOINT</c>.</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>
    /// The folder of repositories: <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    public required string CacheFolder { get; init; }

    /// <summary>torchvision's server or a mirror of it: <c>GRAFT_TORCH_ENDPOINT</c>.</summary>
    public string TorchEndpoint { get; init; } = "https://download.pytorch.org/models";

    /// <summary>torch's own folder of weights: <c>TORCH_HOME/hub/checkpoints</c>.</summary>
    public required string TorchFolder { get; init; }

    /// <summary>What proves to the Hub who asks; sent to <see cref="Endpoint"/> and to nobody else.</summary>
    public string? Token { get; init; }

    /// <summary>Never asks a server: <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c>.</summary>
    public bool Offline { get; init; }

    /// <summary>Snapshots are links to blobs; <c>HF_HUB_DISABLE_SYMLINKS</c> makes them files.</summary>
    public bool Links { get; init; } = true;

    /// <summary>How long an answer may take to begin: <c>HF_HUB_ETAG_TIMEOUT</c>, 10 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a download may stand still: <c>HF_HUB_DOWNLOAD_TIMEOUT</c>, 10 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a busy or broken server is asked again; what gets a download further is not counted.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the second try; each further one is twice as long, up to eight of them.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes free where a folder lies.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    public static HubSettings FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    /// <exception cref="ArgumentException">An endpoint is no web address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> read)
    {
        string? Read(string name) => read(name) is { Length: > 0 } value ? value : null;
        bool Flag(string name) => Read(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
        string Folder(string text) => Expand(text, read);

        string home = Read("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string caches = Read("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache");
        string face = Folder(Read("HF_HOME") ?? Path.Combine(caches, "huggingface"));
        string torch = Folder(Read("TORCH_HOME") ?? Path.Combine(caches, "torch"));
        string tokenFile = Folder(Read("HF_TOKEN_PATH") ?? Path.Combine(face, "token"));
        string? token = Read("HF_TOKEN") ?? Read("HUGGING_FACE_HUB_TOKEN");
        if (token is null && File.Exists(tokenFile)) token = FirstLine(tokenFile);
        if (Flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")) token = null;
        var defaults = new HubSettings { CacheFolder = "", TorchFolder = "" };
        return defaults with
        {
            Endpoint = Address("HF_ENDPOINT", Read("HF_ENDPOINT") ?? defaults.Endpoint),
            CacheFolder = Folder(Read("HF_HUB_CACHE") ?? Read("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(face, "hub")),
            TorchEndpoint = Address("GRAFT_TORCH_ENDPOINT", Read("GRAFT_TORCH_ENDPOINT") ?? defaults.TorchEndpoint),
            TorchFolder = Path.Combine(torch, "hub", "checkpoints"),
            // a line break would end the header that it is sent in
            Token = token?.Trim() is { Length: > 0 } word && !word.Any(char.IsControl) ? word : null,
            Offline = Flag("HF_HUB_OFFLINE") || Flag("TRANSFORMERS_OFFLINE"),
            Links = !Flag("HF_HUB_DISABLE_SYMLINKS"),
            AnswerTimeout = Seconds(Read("HF_HUB_ETAG_TIMEOUT")) ?? defaults.AnswerTimeout,
            StallTimeout = Seconds(Read("HF_HUB_DOWNLOAD_TIMEOUT")) ?? defaults.StallTimeout,
        };
    }

    static string Address(string variable, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
            return text.TrimEnd('/');
        throw new ArgumentException($"{variable}: expected a web address such as https://huggingface.co, found '{text}'");
    }

    static TimeSpan? Seconds(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= 86400
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The home folder and variables in a path, as Python expands them there.</summary>
    static string Expand(string text, Func<string, string?> read)
    {
        if (text == "~" || text.StartsWith("~/", StringComparison.Ordinal))
            text = (read("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) + text[1..];
        for (int at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', at + 1))
        {
            bool braces = at + 1 < text.Length && text[at + 1] == '{';
            int start = at + (braces ? 2 : 1), end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
            if (end == start || (braces && (end == text.Length || text[end] != '}'))) continue;
            if (read(text[start..end]) is { } value) text = text[..at] + value + text[(braces ? end + 1 : end)..];
        }
        return Path.GetFullPath(text);
    }

    static string? FirstLine(string path)
    {
        using var reader = new StreamReader(path);
        char[] start = new char[4096];
        return new string(start, 0, reader.ReadBlock(start)).Split('\n')[0];
    }
}
