using System.Text.Json;

namespace Graft.Cli.Tests;

public sealed class ReportCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_page_is_written_where_it_is_asked_for()
    {
        string run = Run(), target = folder.Path("page.html");
        (int code, string output, string error) = Shell.Run("report", run, "--no-overlays", "--out", target);
        Assert.Equal((ExitCode.Success, target + "\n", ""), (code, output, error));
        Assert.Contains("timm:resnet18 on photos", File.ReadAllText(target));
        Assert.Equal(ExitCode.Success, Shell.Run("report", run, "--no-overlays").Code);
        Assert.Equal(File.ReadAllText(target), File.ReadAllText(Path.Combine(run, "report.html")));
    }

    [Fact]
    public void What_is_no_run_is_told_and_nothing_is_written()
    {
        Directory.CreateDirectory(folder.Path("empty"));
        (int code, _, string error) = Shell.Run("report", folder.Path("empty"));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("summary.json", error);
        Assert.Empty(Directory.GetFiles(folder.Path("empty")));
        Assert.Equal(ExitCode.Failure, Shell.Run("report", folder.Path("nothing")).Code);
        Assert.Equal(ExitCode.Usage, Shell.Run("report").Code);
        Assert.Equal(ExitCode.Usage, Shell.Run("report", "run", "--images", "-1").Code);
    }

    string Run()
    {
        string run = folder.Path("run");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "summary.json"), JsonSerializer.Serialize(new
        {
            metrics = new { val_accuracy = 0.5, val_loss = 0.7, best_epoch = 1, epochs = 1 },
            data = new { path = "/data/photos", classes = new[] { "a", "b" } },
            model = new { architecture = "timm:resnet18" },
        }));
        File.WriteAllText(Path.Combine(run, "metrics.jsonl"), "{\"epoch\":1,\"phase\":\"all\",\"val_loss\":0.7}\n");
        return run;
    }
}
