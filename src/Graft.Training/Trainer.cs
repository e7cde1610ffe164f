using System.Diagnostics;
using Graft.Data;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// The loop of deep learning: for each epoch, for each batch, forward, loss, backward, step; then validation. What should happen
/// besides is said with <see cref="On"/>, or by a callback.
/// <code>
/// var trainer = new Trainer(new EarlyStopping(patience: 3));
/// trainer.On(TrainingEvent.IterationCompleted.Every(50), at => Console.WriteLine(at.Iteration.Loss));
/// trainer.Run(phase);
/// </code>
/// A run goes on from a checkpoint bit for bit as it would have gone on without the stop: every draw is keyed by the seed and by
/// what <see cref="TrainState"/> counts, libtorch's own generator (dropout) is seeded so before each batch.
/// </summary>
public sealed class Trainer
{
    /// <summary>Batches in a row without a usable loss, after which training gives up, unless the phase says otherwise.</summary>
    public const int NonFiniteLimit = 5;

    readonly Dictionary<TrainingEvent, List<(EventFilter When, Action<Trainer> Handler)>> handlers = [];
    readonly List<IStateful> kept = [];
    readonly StepRunner steps;
    readonly EvaluationRunner evaluation;
    Score score = new();
    EpochHistory history = new();
    StateReader? resuming;

    /// <summary>A trainer with callbacks, which are attached, and called, in their order.</summary>
    public Trainer(params IReadOnlyList<ICallback> callbacks)
    {
        steps = new StepRunner(this);
        evaluation = new EvaluationRunner(this);
        Keep(MicroBatches);
        Keep(EvaluationBatches);
        foreach (ICallback callback in callbacks) Add(callback);
    }

    /// <summary>Where the training stands.</summary>
    public TrainState State { get; init; } = new();

    /// <summary>What each epoch came to.</summary>
    public IReadOnlyList<EpochRecord> Epochs => history.Records;

    /// <summary>The phase that runs, or ran last.</summary>
    public TrainingPhase? Phase { get; private set; }

    /// <summary>The last batch of training or validation.</summary>
    public Iteration Iteration { get; internal set; }

    /// <summary>What is measured on the validation samples beside loss and accuracy.</summary>
    /// <value>null: nothing</value>
    public MetricSet? Metrics { get; set; }

    /// <summary>What decides which epoch is the best: one of <see cref="Metrics"/>, or the loss.</summary>
    /// <value>null: the validation accuracy, then the validation loss</value>
    public MonitoredMetric? Monitor { get; set; }

    /// <summary>The weights that are evaluated and kept in place of those that are trained.</summary>
    /// <value>null: those that are trained</value>
    public IEvaluationWeights? EvaluationWeights { get; set; }

    /// <summary>How much of a batch goes through the model at once: less of it from when memory runs out.</summary>
    public MicroBatching MicroBatches { get; } = new();

    /// <summary>The same for evaluation, which needs less memory for a batch than training does.</summary>
    public MicroBatching EvaluationBatches { get; } = new() { Key = "evaluation_batching" };

    /// <summary>Whether nothing is on its way that a checkpoint would not hold: gradients that wait for their step.</summary>
    public bool CanSave => !steps.HasGradients;

    /// <summary>Calls a handler when something happens; handlers of one event are called in the order of their coming.</summary>
    public void On(EventFilter when, Action<Trainer> handler)
    {
        if (!handlers.TryGetValue(when.Event, out List<(EventFilter, Action<Trainer>)>? all)) handlers[when.Event] = all = [];
        all.Add((when, handler));
    }

    /// <summary>Attaches a callback; what it remembers, as an <see cref="IStateful"/>, belongs into checkpoints.</summary>
    public void Add(ICallback callback)
    {
        callback.Attach(this);
        if (callback is IStateful stateful) Keep(stateful);
    }

    /// <summary>Makes something a part of every checkpoint: the weights of the model, above all.</summary>
    /// <exception cref="ArgumentException">There is one of that key already.</exception>
    public void Keep(IStateful part)
    {
        if (kept.Any(other => other.Key == part.Key))
            throw new ArgumentException($"two parts of a checkpoint are called '{part.Key}'", nameof(part));
        kept.Add(part);
    }

    /// <summary>Ends the training after the epoch at hand, or, between epochs, now.</summary>
    /// <param name="reason">why, for people</param>
    public void Stop(string reason) => State.StopReason ??= reason;

    /// <summary>Trains for the epochs of one phase, which stays the caller's. Epochs are counted on from run to run.</summary>
    /// <exception cref="InvalidOperationException">The loss was no number for too many batches in a row.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was asked for; the weights are those of the last
    /// step.</exception>
    public void Run(TrainingPhase phase, CancellationToken cancellation = default) =>
        Run([new PhasePlan(phase.Name, phase.Epochs, () => phase)], own: false, cancellation);

    /// <summary>Trains phase by phase; each is begun when those before it are done, and disposed at its end.</summary>
    /// <inheritdoc cref="Run(TrainingPhase, CancellationToken)" path="/exception"/>
    public void Run(IReadOnlyList<PhasePlan> phases, CancellationToken cancellation = default) =>
        Run(phases, own: true, cancellation);

    /// <summary>Writes everything that a later <see cref="Resume"/> needs.</summary>
    /// <exception cref="InvalidOperationException">Gradients wait for their step: see <see cref="CanSave"/>.</exception>
    public void Save(StateWriter to)
    {
        if (!CanSave) throw new InvalidOperationException("gradients wait for their step: a checkpoint would lose them");
        to.Write(State);
        to.Write(history);
        to.Write(score);
        foreach (IStateful part in kept) to.Write(part);
        if (Phase is { } phase && State.PhaseEpoch < phase.Epochs)
            foreach (IStateful part in PhaseParts(phase)) to.Write(part);
    }

    /// <summary>
    /// Takes up what <see cref="Save"/> wrote; the next <see cref="Run(IReadOnlyList{PhasePlan}, CancellationToken)"/>, with the
    /// same phases, goes on from there.
    /// </summary>
    /// <exception cref="InvalidDataException">It is of another training.</exception>
    public void Resume(StateReader from)
    {
        from.Read(State);
        from.Read(history);
        from.Read(score);
        foreach (IStateful part in kept) from.Read(part);
        resuming = from;
    }

    void Run(IReadOnlyList<PhasePlan> phases, bool own, CancellationToken cancellation)
    {
        int first = resuming is null ? 0 : State.PhaseIndex;
        if (resuming is not null && first < phases.Count && State.PhaseEpoch >= phases[first].Epochs)
        {
            (first, State.PhaseEpoch) = (first + 1, 0);
            resuming = null;
        }
        Raise(TrainingEvent.RunStarted);
        for (int i = first; i < phases.Count && State.StopReason is null; i++)
        {
            State.PhaseIndex = i;
            TrainingPhase phase = Phase = phases[i].Begin();
            try
            {
                RunPhase(phase, cancellation);
            }
            catch (OperationCanceledException)
            {
                Raise(TrainingEvent.Interrupted);
                throw;
            }
            finally
            {
                if (own) phase.Dispose();
            }
        }
        Phase = own ? null : Phase;
        State.PhaseIndex = phases.Count;
        Raise(TrainingEvent.RunCompleted);
    }

    void RunPhase(TrainingPhase phase, CancellationToken cancellation)
    {
        if (resuming is { } from)
        {
            foreach (IStateful part in PhaseParts(phase)) from.Read(part);
            resuming = null;
        }
        else (State.PhaseEpoch, State.Batch) = (0, 0);
        Raise(TrainingEvent.PhaseStarted);
        while (State.PhaseEpoch < phase.Epochs && State.StopReason is null) RunEpoch(phase, cancellation);
        Raise(TrainingEvent.PhaseCompleted);
    }

    static IEnumerable<IStateful> PhaseParts(TrainingPhase phase) => [new OptimizerMemory(phase.Optimizer), .. phase.State];

    void RunEpoch(TrainingPhase phase, CancellationToken cancellation)
    {
        if (State.Batch == 0) score = new Score();
        Raise(TrainingEvent.EpochStarted);
        long start = Stopwatch.GetTimestamp();
        EpochTimes times = TrainEpoch(phase, cancellation);
        Raise(TrainingEvent.EpochTrained);
        using (EvaluationWeights?.Use())
        {
            Raise(TrainingEvent.EvaluationStarted);
            Metrics?.Reset();
            Score validated = evaluation.Run(phase.Model, phase.Validation, Metrics, cancellation);
            Raise(TrainingEvent.EvaluationCompleted);
            Finish(phase, validated, times with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds });
            Raise(TrainingEvent.EpochCompleted);
        }
        Raise(TrainingEvent.SavePoint);
    }

    EpochTimes TrainEpoch(TrainingPhase phase, CancellationToken cancellation)
    {
        int batches = phase.Source.BatchCount, images = 0;
        double rate = phase.SetRates(State.PhaseEpoch, Math.Max(0, State.Batch - 1), State.RateScale);
        phase.Model.SetTraining(true);
        long start = Stopwatch.GetTimestamp(), waited = 0;
        using IEnumerator<StepBatch> source = phase.Source.Epoch(State.Epoch, State.Batch, cancellation).GetEnumerator();
        while (Next(source, ref waited) is { } batch)
        {
            using (batch)
            {
                Reseed();
                Raise(TrainingEvent.IterationStarted);
                rate = phase.SetRates(State.PhaseEpoch, batch.Number, State.RateScale);
                double loss = steps.Run(phase, batch, score);
                State.Iteration++;
                State.Batch = batch.Number + 1;
                images += batch.Count;
                Iteration = new Iteration(State.Batch, batches, batch.Count, loss, rate, score);
                Raise(TrainingEvent.IterationCompleted);
                if (CanSave && State.Batch < batches) Raise(TrainingEvent.SavePoint);
            }
        }
        steps.Flush(phase); // where unreadable images ended the epoch early
        State.Batch = batches;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new EpochTimes(images, seconds, Stopwatch.GetElapsedTime(0, waited).TotalSeconds, seconds, rate);
    }

    static StepBatch? Next(IEnumerator<StepBatch> source, ref long waited)
    {
        long start = Stopwatch.GetTimestamp();
        bool any = source.MoveNext();
        waited += Stopwatch.GetTimestamp() - start;
        return any ? source.Current : null;
    }

    /// <summary>Starts libtorch's generators for the iteration that comes.</summary>
    internal void Reseed() => Engine.ManualSeed(State.IterationKey);

    /// <summary>Loss and accuracy over every sample of a source, in evaluation mode, without gradients.</summary>
    public Score Evaluate(ITrainable model, IStepSource source, CancellationToken cancellation = default) =>
        evaluation.Run(model, source, metrics: null, cancellation);

    void Finish(TrainingPhase phase, Score validated, EpochTimes times)
    {
        State.Epoch++;
        State.PhaseEpoch++;
        State.Batch = 0;
        IReadOnlyDictionary<string, double>? metrics = Metrics?.Compute();
        double value = Monitor?.Of(metrics, validated.Loss) ?? double.NaN;
        bool isBest = Monitor is null ? State.IsBetter(validated.Accuracy, validated.Loss)
            : State.IsBetter(Monitor, value, validated.Loss);
        if (isBest)
            (State.BestEpoch, State.BestIteration, State.BestAccuracy, State.BestLoss, State.BestValue) =
                (State.Epoch, State.Iteration, validated.Accuracy, validated.Loss, value);
        history.Add(new EpochRecord
        {
            Epoch = State.Epoch,
            Phase = phase.Name,
            TrainLoss = score.Loss,
            TrainAccuracy = score.Accuracy,
            ValidationLoss = validated.Loss,
            ValidationAccuracy = validated.Accuracy,
            LearningRate = times.Rate,
            Seconds = times.Seconds,
            ImagesPerSecond = times.TrainSeconds > 0 ? times.Images / times.TrainSeconds : 0,
            WaitShare = times.TrainSeconds > 0 ? times.WaitSeconds / times.TrainSeconds : 0,
            Metrics = metrics ?? new Dictionary<string, double>(),
            IsBest = isBest,
        });
    }

    internal void Raise(TrainingEvent what)
    {
        if (!handlers.TryGetValue(what, out List<(EventFilter When, Action<Trainer> Handler)>? all)) return;
        long number = what.CountOf(this);
        foreach ((EventFilter when, Action<Trainer> handler) in all.ToArray())
            if (when.Fires(number)) handler(this);
    }

    readonly record struct EpochTimes(int Images, double TrainSeconds, double WaitSeconds, double Seconds, double Rate);
}
