using System.Diagnostics;
using Graft.Demo;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

/// <summary>A real process that may have less memory than a batch takes.</summary>
public sealed class MemoryLimitTests : IDisposable
{
    const int LimitKilobytes = 1_000_000;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_batch_that_would_not_fit_is_taken_in_parts_from_the_start()
    {
        string error = Train();
        Assert.True(error.Contains("too few for batches of 64 at once: they go through the model in parts of"), error);
        Assert.DoesNotContain("memory ran out", error);
    }

    string Train()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("limits of a process's memory are set as Linux has them");
        string data = folder.Path("data"), run = folder.Path("run");
        ShapesSource.Write(ShapesTask.Target, data, trainPerClass: 43, validationPerClass: 4, seed: 1, size: 32);
        string[] command =
        [
            Path.Combine(AppContext.BaseDirectory, "graft-cli"), "train", data, "--model", Network(), "--mode", "full",
            "--image-size", "224", "--batch-size", "64", "--epochs", "1", "--threads", "1", "--workers", "1",
            "--precision", "fp32", "--out", run,
        ];
        var start = new ProcessStartInfo("sh", ["-c", $"ulimit -d {LimitKilobytes}; exec {ShellQuote.Join(command)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = "0x6000000", ["OMP_NUM_THREADS"] = "1" },
        };
        using Process process = Process.Start(start)!;
        string output = "";
        process.OutputDataReceived += (_, line) => output += line.Data + "\n";
        process.BeginOutputReadLine();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {error}{output}");
        Assert.True(File.Exists(Path.Combine(run, "model.safetensors")));
        return error + output;
    }

    // few weights, and much to remember of each image: about 10 MB
    string Network()
    {
        var network = new ResNet.Config
        {
            Depths = [1, 1],
            Widths = [32, 32],
            Bottlenecks = [false, false],
            StemWidths = [32],
        };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), network, Origin.HuggingFace, Preprocess.TorchVision(32, 32), ["one", "two"], seed: 4);
        ModelSaver.Save(model, folder.Path("net"));
        return folder.Path("net");
    }
}
