using System.Diagnostics;
using System.Text.Json;
using Graft.Demo;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Cli.Tests;

/// <summary>
/// A real training process is killed (SIGKILL) again and again, and taken up again each time: in the end the model is, byte for
/// byte, that of a run that nobody disturbed.
/// </summary>
public sealed class KilledRunTests : IDisposable
{
    const int Kills = 20;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("finetune", "--freeze-epochs", "1", "--epochs", "60", "--augment", "--label-smoothing", "0.1")]
    public void Killed_twenty_times_it_ends_with_the_same_bytes(string mode, params string[] options)
    {
        string data = Photos(), model = Network(), whole = folder.Path("whole"), broken = folder.Path("broken");
        string[] command =
        [
            "train", data, "--model", model, "--mode", mode, "--batch-size", "8", "--threads", "1", "--seed", "3",
            "--checkpoint-minutes", "0", .. options,
        ];
        Assert.Equal(0, Finish(Start([.. command, "--out", whole, "--workers", "2"])));

        var random = new Random(5);
        string[] workers = ["1", "2", "4"];
        string[] begin = [.. command, "--out", broken, "--workers", "1"];
        for (int kill = 0; kill < Kills; kill++)
        {
            bool begun = File.Exists(Path.Combine(broken, "job.json"));
            if (!begun && Directory.Exists(broken)) Directory.Delete(broken, recursive: true); // killed before it was a run
            using Process process = Start(begun ? ["train", "--resume", broken, "--workers", workers[kill % 3]] : begin);
            WaitForProgress(process, Path.Combine(broken, "checkpoints"));
            Thread.Sleep(random.Next(30));
            if (process.HasExited)
                Assert.Fail($"after {kill} kills the run was at its end: {process.StandardError.ReadToEnd()}");
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal(0, Finish(Start(["train", "--resume", broken, "--workers", "2"])));

        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(broken, "model.safetensors")));
        Assert.Equal(Losses(whole), Losses(broken));
        Assert.Equal(Files(whole), Files(broken)); // no part of a file that was being written
        (int code, _, string error) = Shell.Run(["train", "--resume", broken]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("is at its end", error);
    }

    static void WaitForProgress(Process process, string checkpoints)
    {
        string[] before = Names(checkpoints);
        for (int i = 0; i < 6000 && !process.HasExited; i++)
        {
            if (!Names(checkpoints).SequenceEqual(before)) return;
            Thread.Sleep(10);
        }
    }

    static string[] Names(string folder)
    {
        try
        {
            return [.. Directory.GetFiles(folder, "step-*").Order()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    static string[] Files(string run) => [.. Directory.GetFiles(run).Select(file => Path.GetFileName(file)).Order()];

    static (int Epoch, double Train, double Validation)[] Losses(string run) =>
    [
        .. File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
        {
            using JsonDocument epoch = JsonDocument.Parse(line);
            return (epoch.RootElement.GetProperty("epoch").GetInt32(), epoch.RootElement.GetProperty("train_loss").GetDouble(),
                epoch.RootElement.GetProperty("val_loss").GetDouble());
        }),
    ];

    string Photos()
    {
        ShapesSource.Write(ShapesTask.Target, folder.Path("data"), trainPerClass: 16, validationPerClass: 4, seed: 1, size: 32);
        return folder.Path("data");
    }

    string Network()
    {
        var network = new ResNet.Config
        {
            Depths = [1, 1],
            Widths = [8, 16],
            Bottlenecks = [false, false],
            StemWidths = [8],
            Dropout = 0.3,
        };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), network, Origin.HuggingFace, Preprocess.TorchVision(32, 32), ["one", "two"], seed: 4);
        ModelSaver.Save(model, folder.Path("net"));
        return folder.Path("net");
    }

    static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "graft-cli"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    static int Finish(Process process)
    {
        using (process)
        {
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
            return process.ExitCode;
        }
    }
}
