using System.Text.Json.Nodes;
using Graft.Data;

namespace Graft.Tests;

public sealed class CrossValidationTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Fact]
    public void EveryImageIsPredictedOnce()
    {
        JobConfig config = workshop.Job(TrainingMode.Full, workshop.Photos(perClass: 15)) with { Epochs = 4 };
        List<int> told = [];
        CrossValidationResult result = CrossValidation.Run(config, 3, null, Stop, told.Add);
        Assert.Equal([1, 2, 3], told);
        Assert.False(result.WasCancelled);
        Assert.Equal([10, 10, 10], result.Folds.Select(fold => fold.Validation.Images));
        Assert.Equal(30, result.Pooled!.Samples.Select(sample => sample.Image).Distinct().Count());
        // half of them for whoever always says the same
        Assert.True(result.Pooled.Accuracy > 0.7, $"{result.Pooled.Accuracy}");
        MetricSpread accuracy = result.Metrics["accuracy"];
        Assert.Equal(result.Folds.Average(fold => fold.Validation.Accuracy), accuracy.Mean, 1e-12);
        Assert.Equal(result.Pooled.Accuracy, accuracy.Pooled);
        double[] each = [.. result.Folds.Select(fold => fold.Validation.Accuracy)];
        Assert.Equal(Math.Sqrt(each.Sum(value => Math.Pow(value - accuracy.Mean, 2)) / 2), accuracy.Deviation, 1e-12);
        foreach (FoldResult fold in result.Folds)
        {
            Assert.True(File.Exists(Path.Combine(fold.Folder, "report.html")));
            using SavedModel model = SavedModel.Open(fold.Folder, device: "cpu");
            Assert.Equal(["across", "down"], model.Labels);
        }
        string[] lines = File.ReadAllLines(Path.Combine(result.Folder, "predictions.csv"));
        Assert.Equal("fold,image,label,predicted,probability,logit across,logit down", lines[0]);
        Assert.Equal(31, lines.Length);
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(result.Folder, "cross_validation.json")))!;
        Assert.Equal(3, (int)json["finished"]!);
        Assert.Equal(accuracy.Mean, (double)json["metrics"]!["accuracy"]!["mean"]!);
    }

    [Fact]
    public void AStoppedOneGoesOnWhereItWas()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe, workshop.Photos(perClass: 9)) with { Epochs = 2 };
        CrossValidationResult whole = CrossValidation.Run(config with { Output = workshop.Path("whole") }, 3, null, Stop);
        using var stop = new CancellationTokenSource();
        CrossValidationResult stopped = CrossValidation.Run(
            config, 3, null, stop.Token, fold => { if (fold == 2) stop.Cancel(); });
        Assert.True(stopped.WasCancelled);
        Assert.Single(stopped.Folds);
        Assert.True(CrossValidation.IsIn(stopped.Folder));
        Assert.Contains("--resume", Assert.Throws<IOException>(() => CrossValidation.Run(config, 3, null, Stop)).Message);
        DateTime first = File.GetLastWriteTimeUtc(Path.Combine(stopped.Folds[0].Folder, "model.safetensors"));
        List<int> told = [];
        CrossValidationResult resumed = CrossValidation.Resume(stopped.Folder, null, Stop, workers: 1, told.Add);
        Assert.Equal([2, 3], told);
        Assert.False(resumed.WasCancelled);
        Assert.Equal(first, File.GetLastWriteTimeUtc(Path.Combine(stopped.Folds[0].Folder, "model.safetensors")));
        foreach ((string name, MetricSpread spread) in whole.Metrics) Assert.Equal(spread, resumed.Metrics[name]);
        CrossValidationResult again = CrossValidation.Resume(
            stopped.Folder, null, Stop, null, fold => Assert.Fail($"fold {fold} runs again"));
        Assert.Equal(3, again.Folds.Count);
    }

    [Fact]
    public void SeveralLabelsAndNumbersArePooled()
    {
        string table = ShapesTable.Write(workshop.Path("shapes"), 40);
        JobConfig config = workshop.Job(TrainingMode.Probe, table) with
        {
            Epochs = 1,
            Task = new() { Table = new() { LabelColumn = "labels", LabelSeparator = ";" } },
        };
        CrossValidationResult several = CrossValidation.Run(config, 2, null, Stop);
        Assert.Equal(LabelKind.Multiple, several.Kind);
        Assert.Equal(40, several.Pooled!.Images);
        Assert.Equal(several.Pooled.Metrics["ap"], several.Metrics["ap"].Pooled);
        string written = Path.Combine(several.Folder, "predictions.csv");
        Assert.StartsWith("fold,image,true blue,true disc", File.ReadLines(written).First());
        CrossValidationResult numbers = CrossValidation.Run(
            config with { Output = workshop.Path("numbers"), Task = new() { Table = new() { TargetColumns = ["size"] } } }, 2,
            null, Stop);
        Assert.Equal(["loss", "mse", "rmse", "mae", "r2"], numbers.Metrics.Keys);
        Assert.Equal(40, numbers.Pooled!.Images);
    }

    [Fact]
    public void ImpossibleFoldsAreRefused()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe, workshop.Photos(perClass: 2));
        Assert.Contains("at least 2", Assert.Throws<ArgumentException>(() => CrossValidation.Run(config, 1, null, Stop)).Message);
        Assert.Contains("at most", Assert.Throws<ArgumentException>(() => CrossValidation.Run(config, 5, null, Stop)).Message);
        Assert.False(Directory.Exists(config.Output));
    }
}
