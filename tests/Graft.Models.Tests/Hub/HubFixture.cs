using System.Text;

namespace Graft.Models.Tests.Hub;

/// <summary>A repository with weights, a cache, and what was said on the way.</summary>
sealed class HubFixture : IDisposable, IDownloadProgress
{
    public static readonly byte[] Weights = [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7 + i / 256))];

    readonly List<string> notes = [];

    public HubFixture(bool hasList = true, string? token = null)
    {
        Hub = new FakeHub { HasList = hasList, Token = token };
        Settings = new HubSettings
        {
            Endpoint = Hub.Address,
            CacheFolder = Folder["hub"],
            TorchEndpoint = Hub.Store.Address + "/models",
            TorchFolder = Folder["torch"],
            AnswerTimeout = TimeSpan.FromSeconds(5),
            StallTimeout = TimeSpan.FromSeconds(5),
            RetryDelay = TimeSpan.FromMilliseconds(2),
        };
        Hub.Add("config.json", "{\"model_type\": \"resnet\"}").Add("model.safetensors", Weights);
    }

    public FakeHub Hub { get; }

    public HubSettings Settings { get; set; }

    public TemporaryFolder Folder { get; } = new();

    public CancellationToken Cancellation { get; set; }

    public Action<long>? OnBytes { get; set; }

    public string Notes => string.Join('\n', notes);

    public string Repository => Path.Combine(Settings.CacheFolder, "models--org--tiny");

    public string Blob(byte[] content) => Path.Combine(Repository, "blobs", FakeHub.Sha256(content));

    public FetchOptions Options(string? revision = null) =>
        new() { Settings = Settings, Progress = this, Revision = revision, Cancellation = Cancellation };

    public FetchedModel Fetch(string name = "org/tiny", string? revision = null) => ModelHub.Fetch(name, Options(revision));

    public string Refused(string name = "org/tiny", string? revision = null) =>
        Assert.Throws<HubException>(() => Fetch(name, revision)).Message;

    /// <summary>Every file and link under a folder, with what it holds or leads to.</summary>
    public static string Tree(string folder)
    {
        var text = new StringBuilder();
        var every = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        foreach (string path in Directory.EnumerateFiles(folder, "*", every).Order(StringComparer.Ordinal))
        {
            var file = new FileInfo(path);
            text.Append(Path.GetRelativePath(folder, path));
            text.Append(file.LinkTarget is { } target ? $" -> {target}\n" : $" {file.Length}\n");
        }
        return text.ToString();
    }

    void IDownloadProgress.Note(string message) => notes.Add(message);

    void IDownloadProgress.Advanced(string file, long bytes, long? total) => OnBytes?.Invoke(bytes);

    public void Dispose()
    {
        Hub.Dispose();
        Folder.Dispose();
    }
}
