using System.Diagnostics;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Training.Tests;

public class TrainerTests
{
    [Fact]
    public void Training_lowers_the_loss_and_finds_the_classes()
    {
        using var blobs = new Blobs();
        var trainer = new Trainer();
        TrainingPhase phase = blobs.Phase(blobs.Source(96, seed: 5), epochs: 8, validation: blobs.Source(60, seed: 9));
        trainer.Run(phase, TestContext.Current.CancellationToken);
        phase.Optimizer.Dispose();

        Assert.Equal(8, trainer.Epochs.Count);
        Assert.Equal(8 * 6, trainer.State.Iteration);
        Assert.True(trainer.Epochs[^1].TrainLoss < 0.6 * trainer.Epochs[0].TrainLoss);
        Assert.True(trainer.Epochs[^1].ValidationAccuracy > 0.9);
        Assert.False(blobs.IsTraining); // the last thing done was validation
    }

    [Fact]
    public void Evaluation_counts_every_sample_once_whatever_the_batch_size()
    {
        using var blobs = new Blobs();
        Features features = blobs.Sample(50, seed: 2);
        var trainer = new Trainer();
        Score whole = trainer.Evaluate(blobs, new FeatureSource(features, 50), TestContext.Current.CancellationToken);
        Score parts = trainer.Evaluate(blobs, new FeatureSource(features, 7), TestContext.Current.CancellationToken);
        Assert.Equal(50, parts.Count);
        Assert.Equal(whole.Right, parts.Right);
        Assert.Equal(whole.Loss, parts.Loss, 1e-6);
    }

    [Fact]
    public void Evaluation_agrees_with_libtorch_on_the_loss()
    {
        using var blobs = new Blobs();
        Features features = blobs.Sample(30, seed: 4);
        Score score = new Trainer().Evaluate(
            blobs, new FeatureSource(features, 30), TestContext.Current.CancellationToken);
        StepBatch all = new FeatureSource(features, 30).Epoch(0, cancellation: TestContext.Current.CancellationToken).Single();
        using (all)
        using (var scope = new TensorScope())
            Assert.Equal(blobs.Forward(all.Inputs).CrossEntropy(all.Labels).Item<float>(), score.Loss, 1e-5);
    }

    [Theory]
    [InlineData("brier")]
    [InlineData("loss")]
    [InlineData("recall:class=1")]
    public void The_monitored_metric_decides_which_epoch_is_the_best(string name)
    {
        using var blobs = new Blobs();
        MonitoredMetric monitor = MonitoredMetric.Of(name);
        var trainer = new Trainer
        {
            Metrics = new MetricSet(["brier", "recall:class=1"], Data.LabelKind.Single, ["0", "1", "2"]),
            Monitor = monitor,
        };
        FeatureSource held = blobs.Source(60, seed: 9), few = blobs.Source(5, seed: 5, batchSize: 1);
        TrainingPhase phase = blobs.Phase(few, epochs: 12, rate: 2, validation: held); // it jumps about
        trainer.Run(phase, TestContext.Current.CancellationToken);
        phase.Optimizer.Dispose();
        (double best, double loss) = (double.NaN, double.PositiveInfinity);
        foreach (EpochRecord epoch in trainer.Epochs)
        {
            double value = monitor.Of(epoch);
            bool expected = monitor.IsBetter(value, best) || (value == best && epoch.ValidationLoss < loss);
            Assert.Equal(expected, epoch.IsBest);
            if (expected) (best, loss) = (value, epoch.ValidationLoss);
            Assert.Equal(["brier", "recall:class=1"], epoch.Metrics.Keys);
        }
        Assert.Equal(best, trainer.State.BestValue);
        Assert.Contains(trainer.Epochs, epoch => !epoch.IsBest);
        var alone = (BrierScore)trainer.Metrics.Find<BrierScore>()!;
        Assert.Equal(trainer.Epochs[^1].Metrics["brier"], alone.Compute()); // of the last validation alone, not of all
        Assert.InRange(alone.Compute(), 0, 2);
    }

    [Fact]
    public void A_value_that_is_no_number_is_never_better()
    {
        MonitoredMetric low = MonitoredMetric.Of("log_loss"), high = MonitoredMetric.Of("auc");
        Assert.True(low.IsBetter(0.1, 0.2) && high.IsBetter(0.2, 0.1));
        Assert.False(low.IsBetter(double.NaN, 0.2) || high.IsBetter(double.NaN, double.NaN));
        Assert.True(high.IsBetter(-1, double.NaN));
        var state = new TrainState();
        Assert.True(state.IsBetter(high, double.NaN, 5)); // the first epoch, whatever it is
        (state.BestEpoch, state.BestValue, state.BestLoss) = (1, double.NaN, 5);
        Assert.True(state.IsBetter(high, double.NaN, 4));
        Assert.True(state.IsBetter(high, 0.1, 6));
        state.BestValue = 0.5;
        Assert.False(state.IsBetter(high, double.NaN, 1));
        Assert.False(state.IsBetter(high, 0.4, 1));
        Assert.True(state.IsBetter(high, 0.5, 1));
        Assert.Throws<ArgumentException>(() => MonitoredMetric.Of("best"));
    }

    [Fact]
    public void The_best_epoch_is_kept_by_accuracy_then_by_loss()
    {
        var state = new TrainState();
        Assert.True(state.IsBetter(0, double.NaN));
        (state.BestEpoch, state.BestAccuracy, state.BestLoss) = (1, 0.5, 0.7);
        Assert.True(state.IsBetter(0.6, 2));
        Assert.True(state.IsBetter(0.5, 0.6));
        Assert.False(state.IsBetter(0.5, 0.7));
        Assert.False(state.IsBetter(0.4, 0.1));
    }

    [Fact]
    public void Restoring_gives_the_best_epochs_weights_back_bit_for_bit()
    {
        using var blobs = new Blobs();
        using var keeper = new KeepBest(() => blobs.Store.All);
        var seen = new Weights(blobs);
        var trainer = new Trainer(keeper, seen);
        TrainingPhase good = blobs.Phase(blobs.Source(96, seed: 5), epochs: 3, validation: blobs.Source(60, seed: 9));
        TrainingPhase bad = blobs.Phase(blobs.Source(96, seed: 5), epochs: 2, rate: 50);
        trainer.Run(good, TestContext.Current.CancellationToken);
        trainer.Run(bad, TestContext.Current.CancellationToken);
        good.Optimizer.Dispose();
        bad.Optimizer.Dispose();
        keeper.Restore();
        Assert.Equal(seen.AfterEpoch[keeper.Best!.Epoch - 1], blobs.Store.Find("head.weight")!.Value.ToArray<float>());
        Assert.NotEqual(seen.AfterEpoch[^1], seen.AfterEpoch[keeper.Best.Epoch - 1]);
    }

    [Fact]
    public void A_loss_that_stays_no_number_stops_the_training_with_a_word()
    {
        using var blobs = new Blobs { Factor = double.NaN };
        TrainingPhase phase = blobs.Phase(blobs.Source(160, seed: 5), epochs: 1);
        float[] before = blobs.Store.Find("head.weight")!.Value.ToArray<float>();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => new Trainer().Run(phase, TestContext.Current.CancellationToken));
        phase.Optimizer.Dispose();
        Assert.Contains($"step {Trainer.NonFiniteLimit}: the loss was NaN", error.Message);
        Assert.Equal(before, blobs.Store.Find("head.weight")!.Value.ToArray<float>());
    }

    [Fact]
    public void One_loss_that_is_no_number_is_left_out()
    {
        using var blobs = new Blobs();
        var breaker = new Breaker(blobs, atIteration: 2);
        TrainingPhase phase = blobs.Phase(blobs.Source(160, seed: 5), epochs: 1);
        var trainer = new Trainer(breaker);
        trainer.Run(phase, TestContext.Current.CancellationToken);
        phase.Optimizer.Dispose();
        Assert.True(breaker.Broke);
        Assert.True(double.IsFinite(trainer.Epochs[0].TrainLoss));
        Assert.All(blobs.Store.Find("head.weight")!.Value.ToArray<float>(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Cancelling_stops_between_steps()
    {
        using var blobs = new Blobs();
        using var source = new CancellationTokenSource();
        var trainer = new Trainer(new Canceller(source, afterIterations: 7));
        TrainingPhase phase = blobs.Phase(blobs.Source(64, seed: 5), epochs: 100);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(phase, source.Token));
        phase.Optimizer.Dispose();
        Assert.Equal(7, trainer.State.Iteration);
        Assert.Single(trainer.Epochs);
    }

    [Fact]
    public void A_thousand_steps_leave_tensors_and_memory_flat()
    {
        using var blobs = new Blobs(width: 4096);
        var source = new FeatureSource(blobs.Sample(160, seed: 1), 16);
        var watch = new LiveTensors();
        TrainingPhase phase = blobs.Phase(source, epochs: 100, rate: 1e-4); // 10 steps each
        long leaks = Tensor.LeakCount;
        new Trainer(watch).Run(phase, TestContext.Current.CancellationToken);
        phase.Optimizer.Dispose();
        Assert.Equal(1000, watch.Counts.Count);
        Assert.Single(watch.Counts.Skip(10).Distinct());
        Assert.Equal(leaks, Tensor.LeakCount);
        // a leak of one batch a step would be 250 MB
        Assert.True(watch.MemoryAtEnd - watch.MemoryAfterWarmUp < 60e6, $"{watch.MemoryAfterWarmUp} -> {watch.MemoryAtEnd}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        float[] Train()
        {
            using var blobs = new Blobs();
            TrainingPhase phase = blobs.Phase(blobs.Source(96, seed: 5), epochs: 3);
            new Trainer().Run(phase, TestContext.Current.CancellationToken);
            phase.Optimizer.Dispose();
            return blobs.Store.Find("head.weight")!.Value.ToArray<float>();
        }
        Assert.Equal(Train(), Train());
    }

    sealed class Weights(Blobs blobs) : ICallback
    {
        public List<float[]> AfterEpoch { get; } = [];

        public void Attach(Trainer trainer) => trainer.On(
            TrainingEvent.EpochCompleted, _ => AfterEpoch.Add(blobs.Store.Find("head.weight")!.Value.ToArray<float>()));
    }

    sealed class Breaker(Blobs blobs, int atIteration) : ICallback
    {
        public bool Broke { get; private set; }

        public void Attach(Trainer trainer) => trainer.On(TrainingEvent.IterationCompleted, at =>
        {
            Broke |= double.IsNaN(at.Iteration.Loss);
            blobs.Factor = at.State.Iteration == atIteration ? double.NaN : 1;
        });
    }

    sealed class Canceller(CancellationTokenSource source, int afterIterations) : ICallback
    {
        public void Attach(Trainer trainer) =>
            trainer.On(TrainingEvent.IterationCompleted.Once(afterIterations), _ => source.Cancel());
    }

    sealed class LiveTensors : ICallback
    {
        public List<long> Counts { get; } = [];

        public long MemoryAfterWarmUp { get; private set; }

        public long MemoryAtEnd { get; private set; }

        public void Attach(Trainer trainer) => trainer.On(TrainingEvent.IterationCompleted, _ =>
        {
            Counts.Add(Tensor.LiveCount);
            if (Counts.Count is not (200 or 1000)) return;
            using Process process = Process.GetCurrentProcess();
            if (Counts.Count == 200) MemoryAfterWarmUp = process.WorkingSet64;
            else MemoryAtEnd = process.WorkingSet64;
        });
    }
}
