using System.Text.Json;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft.Tests;

public sealed class FineTuneTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData(TrainingMode.FineTune, 6)]
    [InlineData(TrainingMode.Full, 6)]
    [InlineData(TrainingMode.Partial, 6)]
    [InlineData(TrainingMode.Probe, 20)]
    public void Every_mode_learns(TrainingMode mode, int epochs)
    {
        JobConfig config = workshop.Job(mode) with { Epochs = epochs, UnfreezeGroups = 2 };
        long before = Tensor.LiveCount;
        var diary = new Diary();
        TrainResult result = FineTune.Run(config, diary, Stop);

        int frozen = mode == TrainingMode.FineTune ? 1 : 0;
        Assert.Equal(epochs + frozen, result.Epochs.Count);
        Assert.True(result.Epochs[^1].TrainLoss < 0.8 * result.Epochs[0].TrainLoss,
            $"{result.Epochs[0].TrainLoss} -> {result.Epochs[^1].TrainLoss}");
        // a probe of random features can't do much
        if (mode != TrainingMode.Probe) Assert.True(result.Validation.Accuracy >= 0.8, $"{result.Validation.Accuracy}");
        Assert.Equal(result.Best.ValidationAccuracy, result.Validation.Accuracy);
        Assert.Equal(result.Best.ValidationLoss, result.Validation.Loss, 1e-4);
        Assert.Equal(result.Epochs, diary.Epochs);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void In_bfloat16_it_learns_and_saves_float32()
    {
        JobConfig config = workshop.Job(TrainingMode.Full) with { Epochs = 4, Precision = PrecisionKind.Bf16 };
        TrainResult result = FineTune.Run(config, null, Stop);
        TrainResult full = FineTune.Run(
            config with { Precision = PrecisionKind.Fp32, Output = workshop.Path("full") }, null, Stop);
        Assert.Equal("bf16", result.Plan.Precision);
        Assert.True(result.Epochs[^1].TrainLoss < 0.9 * result.Epochs[0].TrainLoss);
        Assert.NotEqual(full.Epochs[0].TrainLoss, result.Epochs[0].TrainLoss);
        Assert.Equal(full.Epochs[0].TrainLoss, result.Epochs[0].TrainLoss, 0.2);
        Assert.Equal(result.Best.ValidationLoss, result.Validation.Loss, 1e-4); // both measured in float32
        using ImageModel saved = ModelZoo.Open(result.Folder);
        Assert.All(saved.Parameters.Weights, weight => Assert.Equal(DType.Float32, weight.Value.DType));
        Assert.Contains("\"precision\": \"bf16\"", File.ReadAllText(Path.Combine(result.Folder, RunFiles.Summary)));
        Assert.Contains("--precision bf16", File.ReadAllText(Path.Combine(result.Folder, RunFiles.Command)));
    }

    [Fact]
    public void Float16_on_a_cpu_is_refused_before_anything_is_read()
    {
        JobConfig config = workshop.Job() with { Precision = PrecisionKind.Fp16, Data = workshop.Path("nowhere") };
        var error = Assert.Throws<ArgumentException>(() => FineTune.Run(config, null, Stop));
        Assert.Contains("Use bf16 or fp32", error.Message);
    }

    [Fact]
    public void A_saved_model_runs_in_float32_unless_told_otherwise()
    {
        using SavedModel model = SavedModel.Open(workshop.Model(), device: "cpu");
        string photo = Predictor.FindImages([workshop.Photos()])[0];
        IReadOnlyList<float> full = model.Predict(photo).Logits;
        Assert.Equal(PrecisionKind.Fp32, model.Precision);
        model.Precision = PrecisionKind.Bf16;
        IReadOnlyList<float> low = model.Predict(photo).Logits;
        Assert.NotEqual(full, low);
        float largest = full.Max(Math.Abs);
        for (int i = 0; i < full.Count; i++) Assert.Equal(full[i], low[i], 0.1f * largest);
        Assert.Throws<ArgumentException>(() => model.Precision = PrecisionKind.Fp16);
    }

    [Theory]
    [InlineData(TrainingMode.Probe, 0, false)]
    [InlineData(TrainingMode.Probe, 0, true)]
    [InlineData(TrainingMode.Partial, 0, true)]
    [InlineData(TrainingMode.Partial, 1, true)]
    [InlineData(TrainingMode.Partial, 2, false)]
    public void What_is_frozen_stays_as_it_was_bit_for_bit(TrainingMode mode, int groups, bool augment)
    {
        JobConfig config = workshop.Job(mode) with { UnfreezeGroups = groups, Augment = augment, Epochs = 2 };
        Dictionary<string, float[]> before = Values(config.Model), after = Values(FineTune.Run(config, null, Stop).Folder);
        using ImageModel model = ModelZoo.Open(config.Model);
        LayerGroup[] body = [.. model.LayerGroups.SkipLast(1)];
        LayerGroup[] free = body[^groups..];
        foreach ((string name, float[] values) in before)
        {
            if (name.StartsWith(model.HeadPath, StringComparison.Ordinal)) continue;
            if (free.Any(group => group.Contains(name))) Assert.NotEqual(values, after[name]);
            else Assert.Equal(values, after[name]);
        }
    }

    [Theory]
    [InlineData(TrainingMode.FineTune)]
    [InlineData(TrainingMode.Full)]
    public void Everything_else_trains_every_weight(TrainingMode mode)
    {
        JobConfig config = workshop.Job(mode) with { Epochs = 1, FreezeEpochs = 0 };
        Dictionary<string, float[]> before = Values(config.Model), after = Values(FineTune.Run(config, null, Stop).Folder);
        using ImageModel model = ModelZoo.Open(config.Model);
        foreach ((string name, float[] values) in before)
            if (!name.StartsWith(model.HeadPath, StringComparison.Ordinal)) Assert.NotEqual(values, after[name]);
    }

    [Fact]
    public void Batch_norms_keep_their_pretrained_statistics_unless_asked_not_to()
    {
        JobConfig config = workshop.Job(TrainingMode.Full) with { Epochs = 1, KeepStatistics = null };
        Dictionary<string, float[]> before = Values(config.Model), after = Values(FineTune.Run(config, null, Stop).Folder);
        string[] statistics = [.. before.Keys.Where(name => name.Contains("running_"))];
        Assert.NotEmpty(statistics);
        foreach (string name in statistics) Assert.Equal(before[name], after[name]);
        Assert.NotEqual(before["conv1.weight"], after["conv1.weight"]);
    }

    [Theory]
    [InlineData(TrainingMode.FineTune)]
    [InlineData(TrainingMode.Probe)]
    public void The_saved_folder_gives_the_same_logits_bit_for_bit(TrainingMode mode)
    {
        float[]? trained = null;
        JobConfig config = workshop.Job(mode) with { Epochs = 2 };
        using Tensor images = Tensor.Rand([5, 3, 32, 32]);
        TrainResult result = FineTune.Run(config, null, Stop, model =>
        {
            using var scope = new TensorScope();
            using (Autograd.NoGrad()) trained = model.Forward(images).ToArray<float>();
        });
        using SavedModel reopened = SavedModel.Open(result.Folder);
        using var scope = new TensorScope();
        Assert.Equal(trained, reopened.Logits(images).ToArray<float>());
        Assert.Equal(["across", "down"], reopened.Labels);
    }

    [Fact]
    public void Evaluating_the_saved_folder_gives_the_figures_of_its_summary()
    {
        JobConfig config = workshop.Job() with { Data = Parted() };
        TrainResult result = FineTune.Run(config, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder);
        EvaluationResult again = Evaluation.Run(
            model, config.Data, new EvaluationOptions { BatchSize = config.BatchSize!.Value }, cancellation: Stop);
        Assert.Equal(result.Validation.Loss, again.Loss);
        Assert.Equal(result.Validation.Samples, again.Samples);
    }

    [Theory]
    [InlineData(TrainingMode.FineTune, true)]
    [InlineData(TrainingMode.Probe, false)]
    public void The_same_seed_gives_the_same_model_for_any_number_of_workers(TrainingMode mode, bool augment)
    {
        JobConfig config = workshop.Job(mode) with { Epochs = 2, Augment = augment, Model = workshop.Model(dropout: 0.3) };
        TrainResult one = FineTune.Run(config with { Workers = 1, Output = workshop.Path("one") }, null, Stop);
        TrainResult four = FineTune.Run(config with { Workers = 4, Output = workshop.Path("four") }, null, Stop);
        TrainResult other = FineTune.Run(config with { Seed = 6, Output = workshop.Path("other") }, null, Stop);
        Assert.Equal(File.ReadAllBytes(Path.Combine(one.Folder, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(four.Folder, "model.safetensors")));
        Assert.Equal(one.Epochs.Select(epoch => epoch.TrainLoss), four.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.NotEqual(one.Epochs[0].TrainLoss, other.Epochs[0].TrainLoss);
    }

    [Fact]
    public void The_run_folder_says_what_was_done()
    {
        JobConfig config = workshop.Job() with { CommandLine = "graft train 'my photos' --seed 5" };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.Equal(workshop.Path("run"), result.Folder);
        string[] expected = ["command.txt", "config.json", "facts.json", "iterations.jsonl", "job.json", "metrics.jsonl",
            "model.safetensors", "predictions.safetensors", "preprocessor_config.json", "report.html", "summary.json"];
        Assert.Equal(expected, Directory.GetFiles(result.Folder).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal("graft train 'my photos' --seed 5\n", File.ReadAllText(Path.Combine(result.Folder, "command.txt")));

        string[] lines = File.ReadAllLines(Path.Combine(result.Folder, "metrics.jsonl"));
        Assert.Equal(4, lines.Length);
        using JsonDocument last = JsonDocument.Parse(lines[^1]);
        Assert.Equal(4, last.RootElement.GetProperty("epoch").GetInt32());
        Assert.Equal("all", last.RootElement.GetProperty("phase").GetString());
        Assert.Equal(result.Epochs[^1].TrainLoss, last.RootElement.GetProperty("train_loss").GetDouble());
        Assert.Equal(result.Epochs[^1].ValidationAccuracy, last.RootElement.GetProperty("val_accuracy").GetDouble());

        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(result.Folder, "summary.json")));
        JsonElement root = summary.RootElement;
        Assert.Equal(result.Validation.Accuracy, root.GetProperty("metrics").GetProperty("val_accuracy").GetDouble());
        Assert.Equal(38, root.GetProperty("data").GetProperty("train_images").GetInt32());
        Assert.Equal(10, root.GetProperty("data").GetProperty("val_images").GetInt32());
        Assert.Equal(5, root.GetProperty("settings").GetProperty("seed").GetInt32());
        Assert.Equal(64, root.GetProperty("data").GetProperty("train_listing_sha256").GetString()!.Length);
        Assert.Equal(RunFiles.HashOf([Path.Combine(result.Folder, "model.safetensors")]),
            root.GetProperty("model").GetProperty("weights_sha256").GetString());
        Assert.Equal(RunFiles.HashOf([Path.Combine(config.Model, "model.safetensors")]),
            root.GetProperty("model").GetProperty("origin_weights_sha256").GetString());
        Assert.True(root.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public void Metrics_are_written_down_the_monitored_one_decides_and_a_temperature_is_kept()
    {
        JobConfig job = workshop.Job(TrainingMode.Probe) with
        {
            Metrics = new MetricSettings { Names = ["f1:macro", "recall:class=down"], Monitor = "brier" },
        };
        TrainResult result = FineTune.Run(job, cancellation: Stop);
        foreach (EpochRecord epoch in result.Epochs)
            Assert.Equal(["f1:macro", "recall:class=down", "brier"], epoch.Metrics.Keys);
        Assert.Equal(result.Epochs.Min(epoch => epoch.Metrics["brier"]), result.Best.Metrics["brier"]);
        Assert.Equal(result.Best.Metrics["brier"], result.Validation.Metrics["brier"], 1e-5);
        string[] lines = File.ReadAllLines(Path.Combine(result.Folder, "metrics.jsonl"));
        using JsonDocument last = JsonDocument.Parse(lines[^1]);
        Assert.Equal(result.Epochs[^1].Metrics["f1:macro"], last.RootElement.GetProperty("val_f1:macro").GetDouble());
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(result.Folder, "summary.json")));
        Assert.Equal(
            result.Validation.Metrics["ece"], summary.RootElement.GetProperty("metrics").GetProperty("val_ece").GetDouble());
        JsonElement calibration = summary.RootElement.GetProperty("calibration");
        Assert.Equal(result.Calibration!.Temperature, calibration.GetProperty("temperature").GetDouble());
        Assert.True(result.Calibration.LossAfter <= result.Calibration.LossBefore);
        using SavedModel saved = SavedModel.Open(result.Folder, device: "cpu");
        Assert.Equal(result.Calibration.Temperature, saved.Temperature);
        Assert.Contains("--metrics f1:macro,recall:class=down --monitor brier", RunFiles.CommandOf(job));
    }

    [Fact]
    public void A_metric_that_does_not_fit_is_refused_before_anything_is_trained()
    {
        JobConfig job = workshop.Job(TrainingMode.Probe);
        foreach ((string name, string expected) in ((string, string)[])
            [("f2", "expected one of accuracy"), ("rmse", "not for images of one class"),
            ("recall:class=up", "expected one of the classes")])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => FineTune.Run(
                job with { Metrics = new MetricSettings { Monitor = name } }, cancellation: Stop));
            Assert.Contains(expected, error.Message);
        }
    }

    [Fact]
    public void Stopped_after_an_epoch_the_best_model_so_far_is_kept()
    {
        using var source = new CancellationTokenSource();
        var diary = new Diary
        {
            OnStep = step =>
            {
                if (step.Phase == "training" && step.Epoch == 3) source.Cancel();
            },
        };
        TrainResult result = FineTune.Run(workshop.Job() with { Epochs = 50 }, diary, source.Token);
        Assert.True(result.WasCancelled);
        Assert.Equal(2, result.Epochs.Count);
        using SavedModel model = SavedModel.Open(result.Folder);
        Assert.Equal(result.Validation.Accuracy, result.Best.ValidationAccuracy);
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(result.Folder, "summary.json")));
        Assert.True(summary.RootElement.GetProperty("cancelled").GetBoolean());
        Assert.Equal(["model", "photos", "run"], workshop.Entries);
    }

    [Fact]
    public void Stopped_before_anything_was_learnt_nothing_is_left_behind()
    {
        using var source = new CancellationTokenSource();
        long before = Tensor.LiveCount;
        JobConfig config = workshop.Job() with { Output = workshop.Path("new", "runs", "first") };
        var diary = new Diary { OnStep = _ => source.Cancel() };
        Assert.ThrowsAny<OperationCanceledException>(() => FineTune.Run(config, diary, source.Token));
        Assert.Equal(["model", "photos"], workshop.Entries);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_folder_that_holds_something_is_never_touched()
    {
        JobConfig config = workshop.Job();
        Directory.CreateDirectory(config.Output!);
        File.WriteAllText(workshop.Path("run", "diary.txt"), "mine");
        IOException error = Assert.Throws<IOException>(() => FineTune.Run(config, null, Stop));
        Assert.Contains("not empty", error.Message);
        Assert.Equal(["diary.txt"], Directory.GetFileSystemEntries(config.Output!).Select(entry => Path.GetFileName(entry)));
        Assert.Equal(["model", "photos", "run"], workshop.Entries);
    }

    [Fact]
    public void Without_a_name_runs_are_numbered()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe) with { Output = null, Epochs = 1 };
        string here = Environment.CurrentDirectory;
        Environment.CurrentDirectory = workshop.Root;
        try
        {
            string first = FineTune.Run(config, null, Stop).Folder, second = FineTune.Run(config, null, Stop).Folder;
            Assert.EndsWith("-photos-1", first);
            Assert.EndsWith("-photos-2", second);
            Assert.Equal(workshop.Path("runs"), Path.GetDirectoryName(first));
        }
        finally
        {
            Environment.CurrentDirectory = here;
        }
    }

    [Fact]
    public void Bad_images_are_named_counted_and_left_out()
    {
        JobConfig config = workshop.Job() with { Data = Parted() };
        string cut = workshop.Photo(0, 900, "parted", "train", "across", "cut.png");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..600]);
        string text = workshop.Path("parted", "train", "down", "text.jpg");
        File.WriteAllText(text, "no image");
        var diary = new Diary();
        TrainResult result = FineTune.Run(config, diary, Stop);
        Assert.Equal([cut, text], result.SkippedImages.Order());
        Assert.Single(diary.Notes, note => note.Contains("cut.png"));
        Assert.Single(diary.Notes, note => note.Contains("text.jpg"));
    }

    [Theory]
    [InlineData(TrainingMode.FineTune)]
    [InlineData(TrainingMode.Probe)]
    public void Too_many_bad_images_stop_the_run_and_leave_nothing_behind(TrainingMode mode)
    {
        JobConfig config = workshop.Job(mode, Parted());
        for (int i = 0; i < 5; i++) File.WriteAllBytes(workshop.Path("parted", "train", "across", $"empty{i}.jpg"), []);
        long before = Tensor.LiveCount;
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FineTune.Run(config, null, Stop));
        Assert.Contains("can't be read, more than the 5%", error.Message);
        Assert.Equal(["model", "parted"], workshop.Entries);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_full_disk_loses_nothing()
    {
        string disk = workshop.Path("disk");
        Directory.CreateDirectory(disk);
        if (!Mounts.TryMountSmall(disk, kibibytes: 64)) Assert.Skip("mounting a small file system needs root");
        try
        {
            JobConfig config = workshop.Job(TrainingMode.Probe) with { Output = Path.Combine(disk, "run") };
            Assert.ThrowsAny<IOException>(() => FineTune.Run(config, null, Stop));
            string[] left = Directory.GetFiles(disk, "*", SearchOption.AllDirectories);
            Assert.DoesNotContain(left, file => file.EndsWith(".part", StringComparison.Ordinal) || file.EndsWith(".lock"));
            if (left.Length == 0) return; // not even the first checkpoint found room
            string run = workshop.Path("rescued");
            Directory.CreateDirectory(Path.Combine(run, "checkpoints"));
            foreach (string file in left)
                File.Copy(file, Path.Combine(run, Path.GetRelativePath(Path.Combine(disk, "run"), file)));
            using SavedModel model = SavedModel.Open(FineTune.Resume(run, null, Stop).Folder);
        }
        finally
        {
            Mounts.Unmount(disk);
        }
    }

    [Fact]
    public void Steps_leave_no_tensor_behind()
    {
        List<long> alive = [];
        var diary = new Diary
        {
            OnStep = step =>
            {
                if (step.Phase == "training") alive.Add(Tensor.LiveCount);
            },
        };
        long leaks = Tensor.LeakCount;
        FineTune.Run(workshop.Job(TrainingMode.Full) with { Epochs = 12, Augment = true }, diary, Stop);
        int perEpoch = alive.Count / 12;
        Assert.True(perEpoch >= 4);
        // after the first epoch: the optimiser's state and the kept weights are there
        for (int step = 0; step < perEpoch; step++)
            Assert.Single(Enumerable.Range(2, 10).Select(epoch => alive[epoch * perEpoch + step]).Distinct());
        Assert.Equal(leaks, Tensor.LeakCount);
    }

    [Fact]
    public void From_scratch_nothing_of_the_pretrained_weights_is_left()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe) with { FromScratch = true, Epochs = 1 };
        Dictionary<string, float[]> before = Values(config.Model), after = Values(FineTune.Run(config, null, Stop).Folder);
        Assert.NotEqual(before["conv1.weight"], after["conv1.weight"]);
    }

    [Fact]
    public void A_model_of_the_zoo_starts_from_scratch_by_its_name_only_when_asked_to()
    {
        JobConfig config = workshop.Job() with { Model = "cifar:resnet20", Epochs = 1, FreezeEpochs = 0 };
        Assert.ThrowsAny<Exception>(() => FineTune.Run(config, null, Stop));
        TrainResult result = FineTune.Run(config with { FromScratch = true }, null, Stop);
        Assert.Equal("cifar:resnet20", result.Plan.Architecture);
    }

    [Fact]
    public void Another_image_size_scales_the_resize_too()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe) with { ImageSize = 64, Epochs = 1 };
        TrainResult result = FineTune.Run(config, null, Stop);
        using SavedModel model = SavedModel.Open(result.Folder);
        Assert.Equal((64, 64, 72), (model.Preprocess.Height, model.Preprocess.Width, model.Preprocess.ResizeHeight));
        Assert.Equal("64x64", result.Plan.InputSize);
    }

    [Theory]
    [InlineData("epochs", 0)]
    [InlineData("batch size", 0)]
    [InlineData("learning rate", -1)]
    [InlineData("validation share", 1)]
    public void Settings_out_of_range_are_named(string what, double value)
    {
        JobConfig config = workshop.Job();
        config = what switch
        {
            "epochs" => config with { Epochs = (int)value },
            "batch size" => config with { BatchSize = (int)value },
            "learning rate" => config with { LearningRate = value },
            _ => config with { ValidationShare = value },
        };
        ArgumentException error = Assert.Throws<ArgumentException>(() => FineTune.Run(config, null, Stop));
        Assert.StartsWith(what, error.Message);
    }

    [Fact]
    public void A_frozen_pretrained_network_tells_ants_from_bees()
    {
        var config = new JobConfig
        {
            Data = SharedFiles.Require("data/hymenoptera"),
            Model = SharedFiles.Require("data/weights/mobilenetv2_035_timm"),
            Mode = TrainingMode.Probe,
            Output = workshop.Path("run"),
            Device = "cpu",
        };
        Assert.True(FineTune.Run(config, null, Stop).Validation.Accuracy >= 0.90);
    }

    /// <summary>Photos with a validation part of their own: 48 and 16.</summary>
    string Parted()
    {
        workshop.Photos("parted/train");
        for (int i = 0; i < 16; i++)
            workshop.Photo(i % 2, 500 + i, "parted", "val", i % 2 == 0 ? "across" : "down", $"{i}.png");
        return workshop.Path("parted");
    }

    static Dictionary<string, float[]> Values(string folder)
    {
        using ImageModel model = ModelZoo.Open(folder);
        return model.Parameters.All.Where(parameter => parameter.Value.DType == DType.Float32)
            .ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray<float>());
    }
}
