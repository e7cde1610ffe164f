using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// Trains for some batches with a rate that rises by equal ratios, and records the loss: Smith 2015, arXiv:1506.01186, as
/// fastai's lr_find. Afterwards model, optimiser and libtorch's generator are as they were, bit for bit. Unlike fastai's, the
/// groups of the optimiser keep the ratios of their rates: the recorded rate is that of the fastest.
/// </summary>
public sealed class LearningRateFinder
{
    /// <summary>The first rate.</summary>
    /// <value>1e-7</value>
    public double Lowest { get; init; } = 1e-7;

    /// <summary>The rate that the last batch would be next to.</summary>
    /// <value>10</value>
    public double Highest { get; init; } = 10;

    /// <summary>How many batches, at least 6.</summary>
    /// <value>100</value>
    public int Iterations { get; init; } = 100;

    /// <summary>It ends when the smoothed loss is that many times the least so far; the loss that did it is recorded.</summary>
    /// <value>4</value>
    public double StopFactor { get; init; } = 4;

    /// <summary>How much of the mean of losses stays at each batch; the mean is corrected for its start.</summary>
    /// <value>0.98</value>
    public double Smoothing { get; init; } = 0.98;

    /// <summary>Walks along the rates.</summary>
    /// <param name="phase">what is trained, on what, by which loss and optimiser; its schedules and epochs do not matter</param>
    /// <param name="parameters">everything that training may change, buffers among it</param>
    /// <param name="seed">the key of dropout's draws</param>
    /// <param name="onBatch">told after each batch how many are done</param>
    /// <param name="cancellation">stops it; everything is then as it was</param>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    public RateCurve Run(
        TrainingPhase phase, IEnumerable<Parameter> parameters, ulong seed = 0, Action<int>? onBatch = null,
        CancellationToken cancellation = default)
    {
        int count = Math.Max(6, Iterations);
        byte[] generator = Engine.GeneratorState();
        double[] rates = [.. phase.Optimizer.Groups.Select(group => group.LearningRate)];
        using var weights = new WeightSnapshot(parameters);
        using var memory = new StoredState(phase.Optimizer);
        try
        {
            double highest = rates.Max();
            Set(phase.Optimizer, [.. rates.Select(rate => rate / highest)]);
            return Walk(phase, count, seed, onBatch, cancellation);
        }
        finally
        {
            phase.Optimizer.ZeroGrad();
            Set(phase.Optimizer, rates);
            memory.Restore();
            weights.Restore();
            phase.Model.SetTraining(false);
            Engine.SetGeneratorState(generator);
        }
    }

    static void Set(Optimizer optimizer, double[] rates)
    {
        for (int i = 0; i < rates.Length; i++) optimizer.Groups[i].LearningRate = rates[i];
    }

    RateCurve Walk(TrainingPhase phase, int count, ulong seed, Action<int>? onBatch, CancellationToken cancellation)
    {
        List<double> rates = [], losses = [];
        double mean = 0, least = double.PositiveInfinity;
        int epochs = (count + phase.Source.BatchCount - 1) / Math.Max(1, phase.Source.BatchCount);
        var walk = new TrainingPhase
        {
            Name = phase.Name,
            Epochs = epochs,
            Model = phase.Model,
            Source = phase.Source,
            Validation = new NoSamples(),
            Optimizer = phase.Optimizer,
            RateSchedule = new Rising(Lowest, Highest, (double)epochs * phase.Source.BatchCount / count),
            Loss = phase.Loss,
            Step = phase.Step,
            AccumulateSteps = phase.AccumulateSteps,
            ClipNorm = phase.ClipNorm,
            ClipValue = phase.ClipValue,
        };
        var trainer = new Trainer { State = new TrainState { Seed = seed } };
        trainer.On(TrainingEvent.IterationCompleted, at =>
        {
            mean = Smoothing * mean + (1 - Smoothing) * at.Iteration.Loss;
            double smoothed = mean / (1 - Math.Pow(Smoothing, losses.Count + 1));
            rates.Add(at.Iteration.LearningRate);
            losses.Add(smoothed);
            least = Math.Min(least, smoothed);
            onBatch?.Invoke(losses.Count);
            if (losses.Count >= count || !(smoothed <= StopFactor * least)) throw new Done();
        });
        try
        {
            trainer.Run(walk, cancellation);
        }
        catch (Done) { }
        return new RateCurve(rates, losses, count);
    }

    /// <summary>Batch k stands at its share of the batches that are meant, not of those of whole epochs.</summary>
    sealed class Rising(double lowest, double highest, double stretch) : ISchedule
    {
        public double At(double progress) => lowest * Math.Pow(highest / lowest, progress * stretch);
    }

    sealed class Done : Exception;

    sealed class NoSamples : IStepSource
    {
        public int BatchCount => 0;

        public int SampleCount => 0;

        public IEnumerable<StepBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default) => [];
    }

    /// <summary>What an optimiser remembered, copied.</summary>
    sealed class StoredState : IDisposable
    {
        readonly Optimizer optimizer;
        readonly OptimizerState state;

        public StoredState(Optimizer optimizer)
        {
            this.optimizer = optimizer;
            OptimizerState now = optimizer.ExportState();
            using var scope = new TensorScope();
            using GradMode mode = Autograd.NoGrad();
            state = new OptimizerState(
                [.. now.Tensors.Select(item => (item.Name, item.Value.Clone().LeaveScope()))], now.Scalars);
        }

        public void Restore() => optimizer.ImportState(state);

        public void Dispose()
        {
            foreach ((_, Tensor tensor) in state.Tensors) tensor.Dispose();
        }
    }
}
