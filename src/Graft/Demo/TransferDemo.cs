using System.Diagnostics;
using Graft.Imaging;
using Graft.Models;
using Graft.Models.Classification;

namespace Graft.Demo;

/// <summary>
/// Transfer learning shown on pictures that Graft draws: a small residual network learns a large task, and then, from few
/// pictures, a different one, in each of the three modes, and once more from random weights.
/// </summary>
public static class TransferDemo
{
    const string Marker = ".graft-demo";

    /// <summary>Runs it.</summary>
    /// <param name="config">how</param>
    /// <param name="stage">told what begins</param>
    /// <param name="progress">sees how each training gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="IOException">The folder holds something that no demo left there, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static DemoResult Run(
        DemoConfig config, Action<string>? stage = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        Stopwatch watch = Stopwatch.StartNew();
        string folder = Path.GetFullPath(config.Folder);
        Prepare(folder);
        int sourceClasses = ShapesTask.Source.Classes.Count, targetClasses = ShapesTask.Target.Classes.Count;
        stage?.Invoke($"drawing {sourceClasses} classes of {config.SourceImages} pictures to pretrain on, " +
            $"and {targetClasses} other classes of {config.TargetImages}");
        string source = Path.Combine(folder, "source"), target = Path.Combine(folder, "target");
        int sourceValidation = Math.Max(1, config.SourceImages / 10);
        ShapesSource.Write(
            ShapesTask.Source, source, config.SourceImages, sourceValidation, config.Seed, config.Size, cancellation);
        ShapesSource.Write(
            ShapesTask.Target, target, config.TargetImages, config.ValidationImages, config.Seed, config.Size, cancellation);
        string start = Path.Combine(folder, "start");
        SaveNetwork(config, start);

        stage?.Invoke("pretraining on the large task, from random weights");
        TrainResult pretrained = Train("source", source, start, TrainingMode.Full, config.SourceEpochs, 4e-3, batchSize: 32);

        List<DemoRun> runs = [];
        Transfer("frozen", "pretrained", "the head, on frozen features", pretrained.Folder, TrainingMode.Probe, null);
        Transfer("finetune", "pretrained", "the head first, then all", pretrained.Folder, TrainingMode.FineTune, 1e-2);
        Transfer("full", "pretrained", "all at once", pretrained.Folder, TrainingMode.Full, 2e-3);
        Transfer("random", "random weights", "all at once", start, TrainingMode.Full, 4e-3);
        return new DemoResult(pretrained, runs, watch.Elapsed.TotalSeconds);

        void Transfer(string name, string from, string trained, string model, TrainingMode mode, double? rate)
        {
            stage?.Invoke($"the small task from {from}: training {trained}");
            TrainResult result = Train(name, target, model, mode, config.TargetEpochs, rate, batchSize: 16);
            runs.Add(new DemoRun(name, from, trained, model != start, result));
        }

        TrainResult Train(
            string name, string data, string model, TrainingMode mode, int epochs, double? rate, int batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            JobConfig job = new()
            {
                Data = data,
                Model = model,
                Output = Path.Combine(folder, "runs", name),
                Mode = mode,
                Epochs = epochs,
                LearningRate = rate,
                LearningRateSpread = 10,
                FreezeEpochs = Math.Max(1, epochs / 3),
                // few pictures make poor statistics: those of the large task serve better
                KeepStatistics = data == target && model != start,
                BatchSize = batchSize,
                // the pictures vary enough by themselves, and a crop would cut the shape
                Augment = false,
                Seed = config.Seed,
                Threads = config.Threads,
            };
            TrainResult result = FineTune.Run(job, progress, cancellation);
            return result.WasCancelled ? throw new OperationCanceledException(cancellation) : result;
        }
    }

    /// <summary>Makes the folder, or clears what an earlier demo left in it.</summary>
    static void Prepare(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            if (!File.Exists(Path.Combine(folder, Marker)))
                throw new IOException($"{folder}: holds something that no demo left there. Pass --out another folder.");
            foreach (string part in (string[])["source", "target", "start", "runs"])
            {
                string path = Path.Combine(folder, part);
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            }
        }
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Marker), "The demo writes here, and clears it when it runs again.\n");
    }

    /// <summary>The network that everything starts from: three stages of one residual block each, random weights.</summary>
    static void SaveNetwork(DemoConfig config, string folder)
    {
        int width = config.Width;
        ResNet.Config network = new()
        {
            Depths = [1, 1, 1],
            Widths = [width, 2 * width, 4 * width],
            Bottlenecks = [false, false, false],
            StemWidths = [width],
        };
        using ImageModel model = ModelZoo.Create(
            new ResNet(), network, Origin.HuggingFace, Preprocess.TorchVision(config.Size, config.Size),
            [.. ShapesTask.Source.Classes.Select(entry => entry.Label)], config.Seed);
        ModelSaver.Save(model, folder);
    }
}
