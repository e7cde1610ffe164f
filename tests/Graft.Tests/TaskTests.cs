using System.Text.Json.Nodes;
using Graft.Data;
using Graft.Imaging;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft.Tests;

/// <summary>Several labels, numbers and few examples, from the table to the prediction.</summary>
public sealed class TaskTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    JobConfig Job(TrainingMode mode, TaskSettings task, int images = 200) => new()
    {
        Data = ShapesTable.Write(workshop.Path("shapes"), images),
        Model = workshop.Model(),
        Mode = mode,
        Output = workshop.Path("run"),
        Epochs = 8,
        LearningRate = mode == TrainingMode.Probe ? null : 0.02,
        BatchSize = 8,
        Augment = false,
        KeepStatistics = false,
        Seed = 5,
        Device = "cpu",
        Task = task,
    };

    static readonly TaskSettings several = new() { Table = new() { LabelColumn = "labels", LabelSeparator = ";" } };
    static readonly TaskSettings number = new() { Table = new() { TargetColumns = ["size"] } };

    [Theory]
    [InlineData(TrainingMode.Full)]
    [InlineData(TrainingMode.FineTune)]
    [InlineData(TrainingMode.Probe)]
    public void SeveralLabelsAreLearned(TrainingMode mode)
    {
        long before = Tensor.LiveCount;
        JobConfig config = Job(mode, several);
        if (mode == TrainingMode.Probe) config = config with { Epochs = 30 };
        TrainResult result = FineTune.Run(config, null, Stop);
        EvaluationResult measured = result.Validation;
        Assert.Equal(LabelKind.Multiple, measured.Kind);
        Assert.Equal(ShapesTable.Labels, result.Plan.Labels);
        Assert.Equal(ShapesTable.Labels, measured.Classes.Select(entry => entry.Label));
        // whoever always says the same has an average precision of each label's share
        double baseline = measured.Classes.Average(entry => (double)entry.Images / measured.Images);
        double least = mode == TrainingMode.Probe ? baseline + 0.08 : 0.8;
        Assert.True(measured.Metrics["ap"] > least, $"average precision {measured.Metrics["ap"]}, of no skill {baseline}");
        Assert.Equal(result.Best.ValidationLoss, measured.Loss, 1e-4);
        Assert.Equal(result.Best.ValidationAccuracy, measured.Accuracy, 1e-6);
        Assert.Empty(measured.ConfusionMatrix);

        JsonNode saved = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(result.Folder, "config.json")))!;
        Assert.Equal("multi_label_classification", (string)saved["problem_type"]!);
        using (SavedModel model = SavedModel.Open(result.Folder, device: "cpu"))
        {
            EvaluationResult again = Evaluation.Run(model, config.Data, new() { Table = several.Table }, null, Stop);
            Assert.Equal(200, again.Images);
            ImagePrediction prediction = model.Predict(measured.Samples[0].Image);
            Assert.Equal(ShapesTable.Labels.Length, prediction.Predictions.Count);
            float[] outputs = measured.Samples[0].Outputs!;
            foreach (Prediction each in prediction.Predictions)
            {
                double expected = 1 / (1 + Math.Exp(-outputs[each.Index]));
                Assert.Equal(expected, each.Probability, 1e-4);
                Assert.Equal(prediction.Chosen.Contains(each), each.Probability > 0.5);
            }
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData(TrainingMode.Full, HeadKind.Own)]
    [InlineData(TrainingMode.FineTune, HeadKind.Own)]
    [InlineData(TrainingMode.FineTune, HeadKind.Mlp)]
    [InlineData(TrainingMode.Probe, HeadKind.Own)]
    public void NumbersAreLearnedInTheirUnits(TrainingMode mode, HeadKind head)
    {
        long before = Tensor.LiveCount;
        JobConfig config = Job(mode, number) with { Head = head };
        if (mode == TrainingMode.Probe) config = config with { Epochs = 30 };
        TrainResult result = FineTune.Run(config, null, Stop);
        EvaluationResult measured = result.Validation;
        Assert.Equal(LabelKind.Number, measured.Kind);
        NumberResult size = Assert.Single(measured.Numbers);
        Assert.Equal("size", size.Name);
        Assert.InRange(size.Mean, 700, 1200); // of 400 to 1500
        // whoever always says the mean has an R2 of 0
        double least = mode == TrainingMode.Probe ? 0.2 : 0.6;
        Assert.True(size.RSquared > least, $"R2 {size.RSquared}, RMSE {size.RootMeanSquaredError}");
        Assert.True(double.IsNaN(measured.Accuracy));
        Assert.InRange(result.Best.ValidationLoss, 0, 1); // in units of the deviation, whatever those of the numbers
        Assert.Equal(result.Epochs.Min(epoch => epoch.ValidationLoss), result.Best.ValidationLoss);

        JsonNode saved = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(result.Folder, "config.json")))!;
        Assert.Equal("regression", (string)saved["problem_type"]!);
        using (SavedModel model = SavedModel.Open(result.Folder, device: "cpu"))
        {
            Assert.Null(model.Network.OutputScale);
            ImagePrediction prediction = model.Predict(measured.Samples[0].Image);
            NumberPrediction own = Assert.Single(prediction.Numbers);
            Assert.Equal("size", own.Name);
            Assert.Equal(measured.Samples[0].Outputs![0], own.Value, 0.5);
            Assert.Empty(prediction.Predictions);
            EvaluationResult again = Evaluation.Run(model, config.Data, null, null, Stop); // the column is the model's own
            Assert.Equal(200, again.Images);
        }
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void EpochsOfSeveralLabelsAreComparedByAveragePrecision()
    {
        JobConfig config = Job(TrainingMode.Probe, several, images: 40) with
        {
            Metrics = new() { Names = ["f1:macro", "hamming_loss"] },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.Equal(["f1:macro", "hamming_loss", "ap"], result.Best.Metrics.Keys);
        Assert.Equal(result.Epochs.Max(epoch => epoch.Metrics["ap"]), result.Best.Metrics["ap"]);
        Assert.Equal(result.Best.Metrics["ap"], result.Validation.Metrics["ap"], 1e-6);
        Assert.Equal(result.Best.Metrics["hamming_loss"], result.Validation.Metrics["hamming_loss"], 1e-6);
    }

    [Fact]
    public void EpochsOfNumbersAreComparedByTheLossUnlessAMetricIsChosen()
    {
        JobConfig config = Job(TrainingMode.Full, number, images: 40) with { Epochs = 4, Metrics = new() { Names = ["mae"] } };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.Equal(["mae"], result.Best.Metrics.Keys);
        Assert.Equal(result.Epochs.Min(epoch => epoch.ValidationLoss), result.Best.ValidationLoss);
        Assert.Equal(result.Best.Metrics["mae"], result.Validation.Numbers[0].MeanAbsoluteError, 1e-2);
        TrainResult chosen = FineTune.Run(
            config with { Metrics = new() { Monitor = "mae" }, Output = workshop.Path("chosen") }, null, Stop);
        Assert.Equal(chosen.Epochs.Min(epoch => epoch.Metrics["mae"]), chosen.Best.Metrics["mae"]);
        Assert.Equal(result.Epochs.Min(epoch => epoch.Metrics["mae"]), chosen.Best.Metrics["mae"]); // the same training
    }

    [Fact]
    public void MetricsThatAreNotForTheLabelsAreRefusedBeforeAnythingIsWritten()
    {
        string Refusal(TaskSettings task, string metric) => Assert.Throws<ArgumentException>(() => FineTune.Run(
            Job(TrainingMode.Probe, task, images: 20) with { Metrics = new() { Names = [metric] } }, null, Stop)).Message;
        Assert.Contains("top5", Refusal(several, "top5"));
        Assert.Contains("accuracy", Refusal(number, "accuracy"));
        Assert.Contains("rmse", Refusal(new() { Table = new() { LabelColumn = "shape" } }, "rmse"));
        Assert.False(Directory.Exists(workshop.Path("run")));
    }

    [Fact]
    public void ThresholdsAreChosenAndSaved()
    {
        TrainResult result = FineTune.Run(
            Job(TrainingMode.Probe, several with { TuneThresholds = true }) with { Epochs = 5 }, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder, device: "cpu");
        Assert.Equal(ShapesTable.Labels.Length, model.Network.Task.Thresholds!.Count);
        // a sample's labels at these thresholds, against those at 0.5
        EvaluationResult half = Evaluation.Run(model, workshop.Path("shapes", "labels.csv"), new() { Table = several.Table });
        double tuned = result.Validation.Classes.Average(entry => entry.F1);
        model.Network.Task = model.Network.Task with { Thresholds = null };
        var builder = new EvaluationBuilder(ShapesTable.Labels, means: model.Network.Task);
        foreach (SampleResult sample in result.Validation.Samples) builder.Add(sample.Image, sample.Targets!, sample.Outputs);
        Assert.True(tuned >= builder.Build([]).Classes.Average(entry => entry.F1) - 1e-9);
        Assert.Equal(tuned, result.Validation.Metrics["f1:macro"], 1e-9);
        Assert.Equal(200, half.Images);
    }

    [Fact]
    public void StoppedRunsOfNumbersGoOnAsTheyWould()
    {
        JobConfig config = Job(TrainingMode.FineTune, number, images: 60) with { Epochs = 3 };
        TrainResult whole = FineTune.Run(config, null, Stop);
        using var stop = new CancellationTokenSource();
        var diary = new Diary { OnEpoch = epoch => { if (epoch.Epoch == 2) stop.Cancel(); } };
        TrainResult stopped = FineTune.Run(config with { Output = workshop.Path("again") }, diary, stop.Token);
        Assert.True(stopped.WasCancelled);
        TrainResult resumed = FineTune.Resume(stopped.Folder, null, Stop);
        Assert.Equal(
            File.ReadAllBytes(System.IO.Path.Combine(whole.Folder, "model.safetensors")),
            File.ReadAllBytes(System.IO.Path.Combine(resumed.Folder, "model.safetensors")));
    }

    [Fact]
    public void FewShotsLeaveValidationAlone()
    {
        var diary = new Diary();
        TaskSettings classes = new() { Table = new() { LabelColumn = "shape" }, Shots = 3 };
        TrainResult few = FineTune.Run(Job(TrainingMode.Probe, classes, images: 80) with { Epochs = 2 }, diary, Stop);
        Assert.Equal(6, few.Plan.TrainingImages);
        TrainResult limited = FineTune.Run(
            Job(TrainingMode.Probe, classes with { Shots = null, Limit = 20 }, images: 80) with
            {
                Epochs = 2,
                Output = workshop.Path("limited"),
            }, diary, Stop);
        Assert.Equal(20, limited.Plan.TrainingImages);
        Assert.Equal(
            few.Validation.Samples.Select(sample => sample.Image), limited.Validation.Samples.Select(sample => sample.Image));
        Assert.Contains("--limit 20", File.ReadAllText(System.IO.Path.Combine(limited.Folder, "command.txt")));
    }

    [Fact]
    public void WhatNeverOccursIsNamed()
    {
        string table = ShapesTable.Write(workshop.Path("shapes"), 20);
        string[] rows = File.ReadAllLines(table);
        rows[0] += ",split";
        for (int i = 1; i < rows.Length; i++) rows[i] += i < 15 ? ",train" : ",val";
        rows[1] = "0000.png,disc;rare,disc,500,train";
        File.WriteAllLines(table, rows);
        var diary = new Diary();
        JobConfig config = Job(TrainingMode.Probe, several) with { Data = table, Epochs = 1 };
        File.WriteAllLines(table, rows);
        FineTune.Run(config, diary, Stop);
        Assert.Contains(diary.Notes, note => note.StartsWith("no validation image of") && note.Contains("rare"));
    }

    [Fact]
    public void ClassesThatValidationLacksAreNamed()
    {
        List<string> rows = ["image,label,split"];
        for (int i = 0; i < 24; i++)
        {
            workshop.Photo(i % 3, i, "parts", $"{i}.png");
            rows.Add($"{i}.png,c{i % 3},{(i < 15 || i % 3 == 0 ? "train" : "val")}");
        }
        File.WriteAllLines(workshop.Path("parts", "table.csv"), rows);
        var diary = new Diary();
        TrainResult result = FineTune.Run(
            workshop.Job(TrainingMode.Probe, workshop.Path("parts", "table.csv")), diary, Stop);
        Assert.Contains(diary.Notes, note => note == "no validation image of c0: what never occurs is not measured");
        Assert.Equal(["c0", "c1", "c2"], result.Plan.Labels);
        Assert.True(double.IsFinite(result.Validation.Loss));
    }

    [Fact]
    public void RatesAreLookedForWithNumbersAndSeveralLabelsToo()
    {
        foreach (TaskSettings task in (TaskSettings[])[number, several])
        {
            JobConfig config = Job(TrainingMode.Full, task, images: 40) with { LearningRate = null };
            RateCurve curve = LearningRateSearch.Run(config, new LearningRateFinder { Iterations = 12 }, null, Stop);
            // numbers are compared in units of their deviation: else the first loss would be a million
            Assert.InRange(curve.Losses[0], 0.05, 5);
        }
    }

    [Fact]
    public void SheetsShowWhatATableSays()
    {
        string table = ShapesTable.Write(workshop.Path("shapes"), 6), page = workshop.Path("sheet.html");
        string Show(TableOptions options)
        {
            int shown = AugmentationPreview.Write(
                table, Preprocess.ImageNet(32), page, new PreviewOptions { Table = options, Images = 4, Versions = 1 });
            Assert.Equal(4, shown);
            return File.ReadAllText(page);
        }
        Assert.Matches("(disc|square), (green|red)|(blue), (disc|square)", Show(several.Table));
        Assert.Matches("size [0-9]+00", Show(number.Table));
        Assert.Matches("disc|square", Show(new() { LabelColumn = "shape" }));
        Assert.Contains("numbers of mixed images", Assert.Throws<ArgumentException>(() => AugmentationPreview.Write(
            table, Preprocess.ImageNet(32), page,
            new PreviewOptions { Table = number.Table, Augmentation = new() { CutMix = 1 } })).Message);
    }

    [Fact]
    public void HeadsAndDataThatDoNotFitAreRefused()
    {
        JobConfig config = Job(TrainingMode.FineTune, number, images: 20);
        Assert.Contains("linear layer with a bias", Assert.Throws<ArgumentException>(
            () => FineTune.Run(config with { Head = HeadKind.FastAi }, null, Stop)).Message);
        TrainResult result = FineTune.Run(config with { Epochs = 1, FreezeEpochs = 0 }, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder, device: "cpu");
        string Refusal(string data, TableOptions? table = null) => Assert.Throws<InvalidDataException>(
            () => Evaluation.Run(model, data, new() { Table = table ?? new() }, null, Stop)).Message;
        Assert.Contains("the model gives numbers (size), which folders don't have", Refusal(workshop.Photos()));
        Assert.Contains("the model was trained on numbers", Refusal(config.Data, several.Table));
        Assert.Contains("expected a number, found '", Refusal(config.Data, new() { TargetColumns = ["shape"] }));
    }
}
