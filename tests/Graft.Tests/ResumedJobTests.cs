using Graft.Training;

namespace Graft.Tests;

/// <summary>Jobs that are stopped and taken up again end as if nothing had happened, whatever their settings.</summary>
public sealed class ResumedJobTests : IDisposable
{
    readonly Workshop workshop = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => workshop.Dispose();

    public static TheoryData<string> Settings => [.. settings.Keys];

    static readonly Dictionary<string, Func<JobConfig, JobConfig>> settings = new()
    {
        ["finetune"] = job => job,
        ["augmented and mixed"] = job => job with
        {
            Augment = true,
            Augmentation = new AugmentationSettings { MixUp = 0.4, CutMix = 1 },
            LabelSmoothing = 0.1,
        },
        ["a mean of weights, several batches a step"] = job => job with
        {
            Mode = TrainingMode.Full,
            Optimisation = new OptimisationSettings
            {
                EmaDecay = 0.9,
                AccumulateSteps = 2,
                GradientClipNorm = 1,
                Optimizer = "sgd",
            },
        },
        ["unfreezing group by group"] = job => job with
        {
            Optimisation = new OptimisationSettings { GradualUnfreeze = true, LayerDecay = 0.8 },
        },
        ["a plateau"] = job => job with
        {
            Mode = TrainingMode.Full,
            Optimisation = new OptimisationSettings { Schedule = "plateau:patience=0", Optimizer = "lamb" },
        },
        ["adapters"] = job => job with { Lora = new LoraSettings { Rank = 2 } },
        ["balanced, part of it, patient"] = job => job with
        {
            Mode = TrainingMode.Partial,
            UnfreezeGroups = 1,
            Optimisation = new OptimisationSettings { Balance = BalanceKind.Sampler, Optimizer = "rmsprop" },
            Checkpoints = new CheckpointSettings { Patience = 2 },
        },
        ["a probe of augmented images"] = job => job with { Mode = TrainingMode.Probe, Augment = true },
    };

    [Fact]
    public void It_goes_on_from_the_checkpoint_before_a_damaged_one_and_says_so()
    {
        JobConfig job = workshop.Job() with { Epochs = 3 };
        TrainResult whole = FineTune.Run(job with { Output = workshop.Path("whole") }, null, Stop);
        using var stop = new CancellationTokenSource();
        var breaking = new Diary { OnEpoch = epoch => { if (epoch.Epoch == 3) stop.Cancel(); } };
        TrainResult stopped = FineTune.Run(job with { Output = workshop.Path("broken") }, breaking, stop.Token);
        string newest = Directory.GetFiles(Path.Combine(stopped.Folder, "checkpoints"), "step-*").Order().Last();
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 64;
        File.WriteAllBytes(newest, bytes);
        var diary = new Diary();
        TrainResult resumed = FineTune.Resume(stopped.Folder, diary, Stop);
        Assert.Contains(diary.Notes, note => note.Contains(Path.GetFileName(newest)) && note.Contains("damaged"));
        Assert.Contains(diary.Notes, note => note.StartsWith("going on after epoch ", StringComparison.Ordinal));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Folder, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(resumed.Folder, "model.safetensors")));
    }

    [Fact]
    public void Checkpoints_of_another_model_are_refused()
    {
        using var stop = new CancellationTokenSource();
        var breaking = new Diary { OnEpoch = epoch => { if (epoch.Epoch == 2) stop.Cancel(); } };
        TrainResult stopped = FineTune.Run(workshop.Job(), breaking, stop.Token);
        string weights = Directory.GetFiles(workshop.Path("model"), "*.safetensors").Single();
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^2] ^= 1; // the network that it began with is another one now
        File.WriteAllBytes(weights, bytes);
        string message = Assert.Throws<InvalidDataException>(() => FineTune.Resume(stopped.Folder, null, Stop)).Message;
        Assert.Contains("with which this run began: it can't be resumed exactly", message);
    }

    [Fact]
    public void A_rate_at_which_it_runs_away_ends_it_with_the_reason_and_leaves_nothing()
    {
        JobConfig job = workshop.Job(TrainingMode.Full) with
        {
            LearningRate = 9e5,
            Epochs = 20,
            Optimisation = new OptimisationSettings { Optimizer = "sgd", Schedule = "constant", NonFiniteLimit = 3 },
            Checkpoints = new CheckpointSettings { KeepLast = 1 },
        };
        string message = Assert.Throws<InvalidOperationException>(() => FineTune.Run(job, null, Stop)).Message;
        Assert.Matches("for 3 steps in a row. Use a smaller learning rate.", message);
        Assert.False(File.Exists(workshop.Path("run", "model.safetensors")));
    }

    [Theory, MemberData(nameof(Settings))]
    public void It_ends_with_the_same_bytes(string name)
    {
        JobConfig job = settings[name](workshop.Job() with
        {
            Epochs = 4,
            Model = workshop.Model(dropout: 0.3),
            Checkpoints = new CheckpointSettings { EveryMinutes = 0 },
        });
        if (job.Checkpoints.EveryMinutes > 0) job = job with { Checkpoints = job.Checkpoints with { EveryMinutes = 0 } };
        TrainResult whole = FineTune.Run(job with { Output = workshop.Path("whole") }, null, Stop);

        string broken = workshop.Path("broken");
        TrainResult? last = null;
        foreach (int batches in (int[])[2, 3, 4])
        {
            using var source = new CancellationTokenSource();
            int left = batches;
            var diary = new Diary
            {
                OnStep = step =>
                {
                    if (step.Phase == "training" && --left == 0) source.Cancel();
                },
            };
            try
            {
                last = last is null && !File.Exists(Path.Combine(broken, "job.json"))
                    ? FineTune.Run(job with { Output = broken, Workers = 1 }, diary, source.Token)
                    : FineTune.Resume(broken, diary, source.Token, workers: 3);
            }
            catch (OperationCanceledException)
            {
            }
        }
        last = FineTune.Resume(broken, null, Stop);
        Assert.Equal(
            whole.Epochs.Select(epoch => (epoch.TrainLoss, epoch.ValidationLoss, epoch.LearningRate)),
            last.Epochs.Select(epoch => (epoch.TrainLoss, epoch.ValidationLoss, epoch.LearningRate)));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Folder, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(broken, "model.safetensors")));
        Assert.Equal(whole.Validation.Loss, last.Validation.Loss, 1e-6);
    }

    [Fact]
    public void Other_images_are_refused()
    {
        string run = Stopped();
        workshop.Photo(0, 900, "photos", "across", "new.png");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FineTune.Resume(run, null, Stop));
        Assert.Contains("images are not those with which this run began", error.Message);
    }

    [Fact]
    public void Without_any_good_checkpoint_it_says_so()
    {
        string run = Stopped();
        foreach (string file in Directory.GetFiles(Path.Combine(run, "checkpoints"))) File.WriteAllText(file, "rubbish");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FineTune.Resume(run, null, Stop));
        Assert.Contains("no checkpoint can be read", error.Message);
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        Directory.CreateDirectory(workshop.Path("empty"));
        Assert.Throws<DirectoryNotFoundException>(() => FineTune.Resume(workshop.Path("nowhere"), null, Stop));
        InvalidDataException error =
            Assert.Throws<InvalidDataException>(() => FineTune.Resume(workshop.Path("empty"), null, Stop));
        Assert.Contains("found no job.json", error.Message);
        Assert.Equal(["empty"], workshop.Entries);
    }

    [Fact]
    public void Patience_ends_a_training_that_gets_no_better()
    {
        JobConfig job = workshop.Job(TrainingMode.Full) with
        {
            Epochs = 30,
            LearningRate = 1e-12,
            KeepStatistics = true,
            Checkpoints = new CheckpointSettings { Patience = 2, MinimumGain = 0.01, KeepLast = 0 },
        };
        TrainResult result = FineTune.Run(job, null, Stop);
        Assert.Equal(3, result.Epochs.Count);
        Assert.Contains("no better epoch for 2 epochs", result.StopReason);
        Assert.False(Directory.Exists(Path.Combine(result.Folder, "checkpoints")));
    }

    string Stopped()
    {
        using var source = new CancellationTokenSource();
        var diary = new Diary { OnEpoch = _ => source.Cancel() };
        JobConfig job = workshop.Job(TrainingMode.Full) with { Output = workshop.Path("stopped") };
        Assert.True(FineTune.Run(job, diary, source.Token).WasCancelled);
        return workshop.Path("stopped");
    }
}
