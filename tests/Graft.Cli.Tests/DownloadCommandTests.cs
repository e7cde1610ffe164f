using System.Text.Json;
using Graft.Models;

namespace Graft.Cli.Tests;

public sealed class DownloadCommandTests : IDisposable
{
    const string Commit = "0123456789abcdef0123456789abcdef01234567";

    readonly TemporaryFolder folder = new();

    public DownloadCommandTests()
    {
        Environment.SetEnvironmentVariable("HF_HOME", folder.Root);
        Environment.SetEnvironmentVariable("TORCH_HOME", folder.Path("torch"));
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
    }

    public void Dispose()
    {
        foreach (string name in (string[])["HF_HOME", "TORCH_HOME", "HF_HUB_OFFLINE"])
            Environment.SetEnvironmentVariable(name, null);
        folder.Dispose();
    }

    /// <summary>What Python's huggingface_hub leaves of a small repository.</summary>
    string Cached()
    {
        string repository = folder.Path("hub", "models--org--tiny"), snapshot = Path.Combine(repository, "snapshots", Commit);
        foreach (string part in (string[])[snapshot, Path.Combine(repository, "refs"), Path.Combine(repository, "blobs")])
            Directory.CreateDirectory(part);
        File.WriteAllText(Path.Combine(repository, "refs", "main"), Commit);
        foreach (string file in (string[])["config.json", "preprocessor_config.json", "model.safetensors"])
        {
            File.WriteAllText(Path.Combine(repository, "blobs", "of-" + file), "{}");
            File.CreateSymbolicLink(Path.Combine(snapshot, file), "../../blobs/of-" + file);
        }
        return snapshot;
    }

    [Fact]
    public void What_is_cached_is_named()
    {
        string snapshot = Cached();
        Assert.Equal((ExitCode.Success, snapshot + "\n", ""), Shell.Run("download", "org/tiny"));
        (int code, string output, _) = Shell.Run("download", "org/tiny", "--revision", Commit, "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal((snapshot, Commit), (json.GetProperty("path").GetString(), json.GetProperty("commit").GetString()));
        Assert.Equal((3, 0), (json.GetProperty("files").GetArrayLength(), json.GetProperty("fetched_bytes").GetInt32()));
    }

    [Theory]
    [InlineData("download org/other", "org/other@main: not in the cache", "models--org--other")]
    [InlineData("predict org/other photo.jpg", "org/other@main: not in the cache", "models--org--other")]
    [InlineData("summary org/other", "org/other@main: not in the cache", "models--org--other")]
    [InlineData("summary torchvision:resnet18:DEFAULT", "resnet18-f37072fd.pth", "torch/hub/checkpoints")]
    [InlineData("evaluate org/tiny photos --revision v2", "org/tiny@v2: not in the cache", "models--org--tiny")]
    public void What_is_not_cached_is_said_in_one_line(string command, string message, string place)
    {
        (int code, string output, string error) = Shell.Run(command.Split(' '));
        Assert.Equal((ExitCode.Failure, ""), (code, output));
        Assert.Contains(message, error);
        Assert.Contains(place, error);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void A_revision_is_for_what_has_one()
    {
        (int code, _, string error) = Shell.Run("predict", folder.Root, "photo.jpg", "--revision", "v1");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--revision belongs to a model of the Hugging Face Hub", error);
    }

    [Fact]
    public void Progress_is_plain_lines_where_there_is_no_terminal()
    {
        using StringWriter error = new() { NewLine = "\n" };
        using CommandContext context = new(TextWriter.Null, error);
        IDownloadProgress progress = new DownloadProgress(context);
        progress.Started("config.json", 700, 0);
        progress.Advanced("config.json", 700, 700);
        progress.Finished("config.json");
        progress.Started("model.safetensors", 114_400_000, 14_400_000);
        progress.Advanced("model.safetensors", 20_000_000, 114_400_000);
        progress.Note("hub: 503; trying again in 1 s");
        Assert.Equal(
            "graft: fetching model.safetensors, 114.4 MB, of which 14.4 MB are here\n" +
            "graft: hub: 503; trying again in 1 s\n", error.ToString());
    }

    [Fact]
    public void Progress_on_a_terminal_is_a_bar_that_goes_away()
    {
        using StringWriter error = new() { NewLine = "\n" };
        using CommandContext context = new(TextWriter.Null, error) { ErrorIsTerminal = true };
        IDownloadProgress progress = new DownloadProgress(context);
        progress.Started("model.bin", 1000, 0);
        Thread.Sleep(150);
        progress.Advanced("model.bin", 500, 1000);
        progress.Finished("model.bin");
        const string bar = @"model.bin \[={12} {12}\] 500 B of 1.0 kB  [0-9.]+ k?B/s  [0-9.]+ s left";
        Assert.Matches("^\r" + bar + "\x1b\\[K\r\x1b\\[K$", error.ToString());
    }

    [Theory]
    [InlineData(812, "812 B")]
    [InlineData(14_240, "14.2 kB")]
    [InlineData(344_400_000, "344.4 MB")]
    [InlineData(1_254_000_000, "1.25 GB")]
    public void Sizes_read_well(long bytes, string text) => Assert.Equal(text, DownloadProgress.Size(bytes));
}
