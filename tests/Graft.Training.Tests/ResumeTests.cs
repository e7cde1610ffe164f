using Graft.Nn;
using Graft.Torch;

namespace Graft.Training.Tests;

/// <summary>A training that is stopped anywhere and taken up again ends as if it had never been stopped.</summary>
public sealed class ResumeTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("graft-test-").FullName;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]   // the end of the first epoch
    [InlineData(17, 1)]
    [InlineData(18, 1)]  // the end of the first phase
    [InlineData(19, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 1)]  // the end
    [InlineData(4, 2)]
    [InlineData(23, 3)]
    public void It_ends_with_the_same_bytes(int stopAfter, int accumulate)
    {
        using var whole = new Run(accumulate);
        whole.Trainer.Run(whole.Plan(), Stop);

        using (var first = new Run(accumulate))
        {
            using var source = new CancellationTokenSource();
            first.Trainer.Add(new CheckpointFolder(folder, minutes: 0));
            first.Trainer.On(TrainingEvent.IterationCompleted.Once(stopAfter), _ => source.Cancel());
            try
            {
                first.Trainer.Run(first.Plan(), source.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
        using var second = new Run(accumulate);
        using (CheckpointFolder.OpenNewest(folder, note => Assert.Fail(note), out StateReader? state))
        {
            second.Trainer.Resume(state!);
            Assert.InRange(second.Trainer.State.Iteration, stopAfter - accumulate + 1, stopAfter);
            second.Trainer.Run(second.Plan(), Stop);
        }
        Assert.Equal(whole.Weights, second.Weights);
        Assert.Equal(
            whole.Trainer.Epochs.Select(epoch => (epoch.TrainLoss, epoch.ValidationLoss, epoch.LearningRate, epoch.IsBest)),
            second.Trainer.Epochs.Select(epoch => (epoch.TrainLoss, epoch.ValidationLoss, epoch.LearningRate, epoch.IsBest)));
        whole.Keeper.Restore();
        second.Keeper.Restore();
        Assert.Equal(whole.Weights, second.Weights);
    }

    [Fact]
    public void A_damaged_checkpoint_gives_way_to_the_one_before()
    {
        using (var run = new Run())
        {
            run.Trainer.Add(new CheckpointFolder(folder, keepLast: 2));
            run.Trainer.Run(run.Plan(), Stop);
        }
        string newest = Directory.GetFiles(folder, "step-*").Order().Last();
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^5] ^= 1;
        File.WriteAllBytes(newest, bytes);
        List<string> notes = [];
        using var second = new Run();
        using (CheckpointFolder.OpenNewest(folder, notes.Add, out StateReader? state)) second.Trainer.Resume(state!);
        Assert.Equal(24, second.Trainer.State.Iteration);
        Assert.Contains("damaged", Assert.Single(notes));
    }

    [Fact]
    public void When_all_are_damaged_it_says_so()
    {
        File.WriteAllText(Path.Combine(folder, "step-00000003.safetensors"), "no checkpoint");
        InvalidDataException error =
            Assert.Throws<InvalidDataException>(() => CheckpointFolder.OpenNewest(folder, _ => { }, out _));
        Assert.Contains("no checkpoint can be read", error.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused()
    {
        var state = new StateWriter();
        using (var other = new Blobs(width: 5))
        {
            state.Write(new WeightMemory("model", () => other.Store.All));
            using var mine = new Blobs();
            InvalidDataException error = Assert.Throws<InvalidDataException>(
                () => new StateReader(state).Read(new WeightMemory("model", () => mine.Store.All)));
            Assert.Contains("head.weight: expected [3, 8], found [3, 5]", error.Message);
        }
    }

    [Fact]
    public void The_best_and_the_last_are_kept()
    {
        using var run = new Run();
        run.Trainer.Add(new CheckpointFolder(folder, keepLast: 1, minutes: 0));
        run.Trainer.Run(run.Plan(), Stop);
        long[] kept = [.. Directory.GetFiles(folder).Select(file => long.Parse(Path.GetFileName(file)[5..13])).Order()];
        Assert.Equal([.. new[] { run.Trainer.State.BestIteration, 30 }.Distinct().Order()], kept);
    }

    /// <summary>Two phases over blobs: the bias alone, then all, by other rates; with dropout of the inputs.</summary>
    sealed class Run : IDisposable
    {
        readonly Blobs blobs = new();
        readonly int accumulate;

        public Run(int accumulate = 1)
        {
            this.accumulate = accumulate;
            Trainer = new Trainer { State = new TrainState { Seed = 7 } };
            Trainer.Keep(new WeightMemory("model", () => blobs.Store.All));
            Keeper = new KeepBest(() => blobs.Store.All);
            Trainer.Add(Keeper);
        }

        public Trainer Trainer { get; }

        public KeepBest Keeper { get; }

        public float[] Weights =>
            [.. blobs.Store.All.SelectMany(parameter => parameter.Value.ToArray<float>())];

        public IReadOnlyList<PhasePlan> Plan() =>
        [
            new("bias", 3, () => Phase("bias", 3, ["head.bias"])),
            new("all", 2, () => Phase("all", 2, ["head.bias", "head.weight"])),
        ];

        TrainingPhase Phase(string name, int epochs, string[] trained) => new()
        {
            Name = name,
            Epochs = epochs,
            Model = blobs,
            Source = blobs.Source(96, seed: 5),
            Validation = blobs.Source(60, seed: 9),
            Optimizer = new AdamW(trained.Select(one => blobs.Store.Find(one)!), 0.05),
            RateSchedule = OneCycleSchedule.Rate(),
            MomentumSchedule = OneCycleSchedule.Momentum(),
            AccumulateSteps = accumulate,
            Step = context =>
            {
                Tensor logits = blobs.Forward(context.Inputs.Dropout(0.5, training: true));
                return new StepResult(logits.CrossEntropy(context.Targets), logits);
            },
        };

        public void Dispose()
        {
            Keeper.Dispose();
            blobs.Dispose();
        }
    }
}
