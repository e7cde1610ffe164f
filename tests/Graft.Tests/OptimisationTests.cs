using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft.Tests;

/// <summary>What <see cref="OptimisationSettings"/> and <see cref="LoraSettings"/> do to whole runs.</summary>
public sealed class OptimisationTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("sgd", "cosine", 8)]
    [InlineData("adam", "step:every=2,gamma=0.5", 8)]
    [InlineData("rmsprop", "constant", 8)]
    [InlineData("rmsprop_tf", "linear", 24)] // its mean squares start at 1: it is slow at first
    [InlineData("lamb", "poly", 8)]
    public void Every_optimizer_learns_by_its_default_rate(string optimizer, string schedule, int epochs)
    {
        long before = Tensor.LiveCount;
        JobConfig config = workshop.Job(TrainingMode.Full) with
        {
            LearningRate = null,
            FromScratch = true, // of weights that have learned nothing, the rates are the larger ones
            Epochs = epochs,
            Optimisation = new OptimisationSettings { Optimizer = optimizer, Schedule = schedule, GradientClipNorm = 5 },
        };
        TrainResult result = FineTune.Run(config, null, Stop);
        Assert.True(
            result.Epochs[^1].TrainLoss < 0.8 * result.Epochs[0].TrainLoss,
            $"{result.Epochs[0].TrainLoss} -> {result.Epochs[^1].TrainLoss}");
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void A_probe_whose_rate_is_looked_for_computes_its_features_once()
    {
        JobConfig config = workshop.Job(TrainingMode.Probe) with { Optimisation = new() { FindRate = true } };
        var diary = new Diary();
        TrainResult found = FineTune.Run(config, diary, Stop);
        Assert.Equal(2, diary.Phases.Count(phase => phase == "computing features")); // of training and of validation images
        TrainResult given = FineTune.Run(
            config with { LearningRate = found.Plan.LearningRate, Optimisation = new(), Output = workshop.Path("given") },
            null, Stop);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(given.Folder, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(found.Folder, "model.safetensors")));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("loss", false)]
    [InlineData("f1:macro", true)]
    public void Rates_that_fall_on_a_plateau_go_by_the_chosen_metric(string? metric, bool higher)
    {
        var schedule = new PlateauSchedule();
        new PhaseExtras { Watched = new MetricSettings { Monitor = metric }.Monitored }.Begin(rates: schedule);
        Assert.Equal(higher, schedule.HigherIsBetter);
    }

    public static TheoryData<string> Ways => ["ema", "plateau", "gradual", "lora", "layers", "sampler", "accumulate"];

    static JobConfig With(JobConfig config, string way) => way switch
    {
        "ema" => config with { Optimisation = new() { EmaDecay = 0.9 } },
        "plateau" => config with
        {
            Metrics = new() { Monitor = "f1:macro" },
            Optimisation = new() { Schedule = "plateau:patience=0,factor=0.5", Optimizer = "sgd" },
        },
        "gradual" => config with { Optimisation = new() { GradualUnfreeze = true, Schedule = "cosine" } },
        "lora" => config with { Lora = new() { Rank = 2, Targets = ["*"], Dropout = 0.1 } },
        "layers" => config with { Optimisation = new() { LayerDecay = 0.5, Optimizer = "lamb", Loss = "focal" } },
        "sampler" => config with { Optimisation = new() { Balance = BalanceKind.Sampler, Loss = "bce" } },
        _ => config with { Optimisation = new() { AccumulateSteps = 3, GradientClipValue = 0.1, Schedule = "linear" } },
    };

    [Theory, MemberData(nameof(Ways))]
    public void A_run_that_breaks_off_goes_on_bit_for_bit(string way)
    {
        long before = Tensor.LiveCount;
        JobConfig config = With(workshop.Job() with { Epochs = 4 }, way);
        TrainResult whole = FineTune.Run(config with { Output = workshop.Path("whole") }, null, Stop);
        int steps = 0;
        var breaking = new Diary
        {
            OnStep = step =>
            {
                if (step.Phase == "training" && step.Epoch == 4 && ++steps == 2) throw new NotSupportedException("a test");
            },
        };
        Assert.Throws<NotSupportedException>(
            () => FineTune.Run(config with { Output = workshop.Path("broken") }, breaking, Stop));
        TrainResult resumed = FineTune.Resume(workshop.Path("broken"), null, Stop);
        Assert.Equal(whole.Epochs.Select(epoch => epoch.TrainLoss), resumed.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.Equal(
            whole.Epochs.Select(epoch => epoch.LearningRate), resumed.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(Weights(whole), Weights(resumed));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Adapters_end_up_in_the_weights_of_an_ordinary_model()
    {
        float[]? trained = null;
        JobConfig config = With(workshop.Job(TrainingMode.Full) with { KeepStatistics = null }, "lora");
        using Tensor images = Tensor.Full([2, 3, 32, 32], 0.3);
        TrainResult result = FineTune.Run(config, null, Stop, model =>
        {
            Assert.DoesNotContain(model.Parameters.All, parameter => parameter.Name.Contains("lora"));
            using var scope = new TensorScope();
            using (Autograd.NoGrad()) trained = model.Forward(images).ToArray<float>();
        });
        Assert.Equal("adapters", result.Epochs[0].Phase);
        Assert.Equal(result.Best.ValidationAccuracy, result.Validation.Accuracy);
        Assert.Equal(result.Best.ValidationLoss, result.Validation.Loss, 1e-4);
        using SavedModel reopened = SavedModel.Open(result.Folder);
        using var all = new TensorScope();
        Assert.Equal(trained, reopened.Logits(images).ToArray<float>());
        using ImageModel start = ModelZoo.Open(config.Model), end = ModelZoo.Open(result.Folder);
        foreach (Nn.Parameter parameter in start.Parameters.All)
        {
            if (parameter.Name.StartsWith(start.HeadPath, StringComparison.Ordinal)) continue;
            bool adapted = parameter.Shape is [_, _, 1, 1];
            Assert.True(
                adapted != parameter.Value.ValuesEqual(end.Parameters.Find(parameter.Name)!.Value), parameter.Name);
        }
    }

    [Fact]
    public void The_mean_of_the_weights_is_what_is_measured_and_saved()
    {
        JobConfig config = workshop.Job(TrainingMode.Full) with { Epochs = 2 };
        TrainResult raw = FineTune.Run(config with { Output = workshop.Path("raw") }, null, Stop);
        TrainResult mean = FineTune.Run(
            With(config, "ema") with { Output = workshop.Path("mean") }, null, Stop);
        Assert.Equal(raw.Epochs.Select(epoch => epoch.TrainLoss), mean.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.NotEqual(raw.Epochs[^1].ValidationLoss, mean.Epochs[^1].ValidationLoss);
        Assert.Equal(mean.Best.ValidationLoss, mean.Validation.Loss, 1e-4);
    }

    [Fact]
    public void A_rate_can_be_looked_for_and_is_remembered()
    {
        JobConfig config = workshop.Job(TrainingMode.Full) with
        {
            LearningRate = null,
            Epochs = 1,
            Optimisation = new OptimisationSettings { FindRate = true },
        };
        var diary = new Diary();
        TrainResult result = FineTune.Run(config, diary, Stop);
        Assert.Single(diary.Notes, note => note.StartsWith("learning rate ", StringComparison.Ordinal));
        RateCurve curve = LearningRateSearch.Run(config, null, null, Stop);
        Assert.Equal(curve.Suggest(), result.Plan.LearningRate);
        Assert.Contains("\"found_rate\"", File.ReadAllText(Path.Combine(result.Folder, "job.json")));
        // what was looked for changes nothing of the training itself
        TrainResult plain = FineTune.Run(
            config with { Output = workshop.Path("plain"), LearningRate = curve.Suggest(), Optimisation = new() }, null, Stop);
        Assert.Equal(Weights(plain), Weights(result));
        string drawing = Graft.Reports.RatePlot.Svg(curve);
        Assert.Contains("valley", drawing);
        Assert.Equal("svg", System.Xml.Linq.XElement.Parse(drawing).Name.LocalName);
    }

    [Fact]
    public void Few_images_of_a_class_weigh_more()
    {
        for (int i = 0; i < 40; i++) workshop.Photo(0, i, "uneven", "across", $"{i}.png");
        for (int i = 0; i < 4; i++) workshop.Photo(1, i, "uneven", "down", $"{i}.png");
        JobConfig config = workshop.Job(TrainingMode.Full) with { Data = workshop.Path("uneven"), Epochs = 1 };
        Dictionary<BalanceKind, double> losses = [];
        foreach (BalanceKind kind in Enum.GetValues<BalanceKind>().Where(kind => kind != BalanceKind.Median))
        {
            var diary = new Diary();
            TrainResult result = FineTune.Run(
                config with { Output = workshop.Path(kind.ToString()), Optimisation = new() { Balance = kind } }, diary, Stop);
            losses[kind] = result.Epochs[0].TrainLoss;
            Assert.Equal(kind == BalanceKind.Auto, diary.Notes.Any(note => note.Contains("--balance none")));
        }
        Assert.Equal(4, losses.Values.Distinct().Count());
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        JobConfig config = workshop.Job();
        void Refused(string expected, JobConfig wrong) => Assert.Contains(
            expected, Assert.Throws<ArgumentException>(() => FineTune.Run(wrong, null, Stop)).Message);
        Refused("expected one of adamw", config with { Optimisation = new() { Optimizer = "adamax" } });
        Refused("expected one of onecycle", config with { Optimisation = new() { Schedule = "hill" } });
        Refused("expected one of crossentropy", config with { Optimisation = new() { Loss = "hinge" } });
        Refused("expected one for classes", config with { Optimisation = new() { Loss = "mse" } });
        Refused("layer decay", config with { Optimisation = new() { LayerDecay = 1.5 } });
        Refused("EMA decay", config with { Optimisation = new() { EmaDecay = 1 } });
        Refused("a probe trains the head alone", config with { Mode = TrainingMode.Probe, Lora = new() { Rank = 4 } });
        Refused("looked for", config with { Optimisation = new() { FindRate = true } }); // the workshop gives one
        Refused("found none", config with { Lora = new() { Rank = 4, Targets = ["attn.qkv"] } });
        Assert.Empty(Directory.GetDirectories(workshop.Root, "run*"));
    }

    static byte[] Weights(TrainResult result) => File.ReadAllBytes(Path.Combine(result.Folder, "model.safetensors"));
}
