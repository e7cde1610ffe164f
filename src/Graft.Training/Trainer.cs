using System.Diagnostics;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// The loop of deep learning: for each epoch, for each batch, forward, loss, backward, step; then validation. What should happen
/// besides is a callback's business.
/// </summary>
/// <param name="callbacks">told of what happens, in their order</param>
public sealed class Trainer(params IReadOnlyList<ITrainingCallback> callbacks)
{
    /// <summary>Steps in a row with a loss that is no number, after which training gives up.</summary>
    public const int NonFiniteLimit = 5;

    readonly List<EpochRecord> epochs = [];

    /// <summary>Where the training stands.</summary>
    public TrainState State { get; init; } = new();

    /// <summary>What each epoch came to.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>The phase that runs, or ran last.</summary>
    public TrainingPhase? Phase { get; private set; }

    /// <summary>Trains for the epochs of a phase. Phases may follow one another; epochs are counted on.</summary>
    /// <exception cref="InvalidOperationException">The loss was no number for <see cref="NonFiniteLimit"/> steps in a
    /// row.</exception>
    /// <exception cref="OperationCanceledException">The cancellation was asked for; the weights are those of the last
    /// step.</exception>
    public void Run(TrainingPhase phase, CancellationToken cancellation = default)
    {
        Phase = phase;
        foreach (ITrainingCallback callback in callbacks) callback.OnPhaseStarted(this, phase);
        for (int epoch = 0; epoch < phase.Epochs; epoch++)
        {
            foreach (ITrainingCallback callback in callbacks) callback.OnEpochStarted(this);
            long start = Stopwatch.GetTimestamp();
            (Score training, double rate) = TrainEpoch(phase, epoch, cancellation);
            double trained = Stopwatch.GetElapsedTime(start).TotalSeconds;

            foreach (ITrainingCallback callback in callbacks) callback.OnEvaluationStarted(this);
            Score validated = Evaluate(phase.Model, phase.Validation, cancellation);
            Finish(phase, training, validated, rate, trained, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    (Score Score, double Rate) TrainEpoch(TrainingPhase phase, int epochOfPhase, CancellationToken cancellation)
    {
        var score = new Score();
        double rate = 0;
        int done = 0, batches = phase.Source.BatchCount;
        phase.Model.SetTraining(true);
        foreach (StepBatch batch in phase.Source.Epoch(State.Epoch, cancellation))
        {
            using (batch)
            {
                rate = phase.SetRates(Math.Min(epochOfPhase * batches + done, phase.Steps - 1));
                double loss = Step(phase, batch, score);
                State.Iteration++;
                done++;
                var iteration = new Iteration(done, batches, batch.Count, loss, rate, score);
                foreach (ITrainingCallback callback in callbacks) callback.OnIterationEnded(this, in iteration);
            }
        }
        return (score, rate);
    }

    double Step(TrainingPhase phase, StepBatch batch, Score score)
    {
        using var scope = new TensorScope();
        Tensor inputs = batch.Inputs.To(phase.Model.Device), labels = batch.Labels.To(phase.Model.Device);
        Tensor logits = phase.Model.Forward(inputs); // [N, K]
        Tensor loss = phase.Loss(logits, labels);
        double value = loss.Item<float>();
        if (!IsUsable(value)) return value;

        phase.Optimizer.ZeroGrad();
        loss.Backward();
        phase.Optimizer.Step();

        score.Add(value, CountRight(logits, batch.LabelValues), batch.Count);
        return value;
    }

    // a single overflow is survived: the step is left out
    bool IsUsable(double loss)
    {
        if (double.IsFinite(loss))
        {
            State.NonFiniteSteps = 0;
            return true;
        }
        if (++State.NonFiniteSteps < NonFiniteLimit) return false;
        throw new InvalidOperationException(
            $"epoch {State.Epoch + 1}, step {State.Iteration + 1}: the loss was {loss} for {NonFiniteLimit} steps in a row. " +
            "Use a smaller learning rate.");
    }

    static int CountRight(Tensor logits, IReadOnlyList<int> labels)
    {
        using GradMode mode = Autograd.NoGrad();
        long[] predicted = logits.Detach().ArgMax(-1).ToArray<long>();
        int right = 0;
        for (int i = 0; i < predicted.Length; i++)
            if (predicted[i] == labels[i]) right++;
        return right;
    }

    /// <summary>Loss and accuracy over every sample of a source, in evaluation mode, without gradients.</summary>
    public Score Evaluate(ITrainable model, IStepSource source, CancellationToken cancellation = default)
    {
        var score = new Score();
        int done = 0, batches = source.BatchCount;
        model.SetTraining(false);
        foreach (StepBatch batch in source.Epoch(0, cancellation))
        {
            using (batch)
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
                score.Add(model.Forward(batch.Inputs.To(model.Device)).ToArray<float>(), batch.LabelValues);
            var iteration = new Iteration(++done, batches, batch.Count, score.Loss, LearningRate: 0, score);
            foreach (ITrainingCallback callback in callbacks) callback.OnEvaluated(this, in iteration);
        }
        return score;
    }

    void Finish(TrainingPhase phase, Score training, Score validated, double rate, double trainSeconds, double seconds)
    {
        State.Epoch++;
        bool isBest = State.IsBetter(validated.Accuracy, validated.Loss);
        if (isBest) (State.BestEpoch, State.BestAccuracy, State.BestLoss) = (State.Epoch, validated.Accuracy, validated.Loss);
        var record = new EpochRecord
        {
            Epoch = State.Epoch,
            Phase = phase.Name,
            TrainLoss = training.Loss,
            TrainAccuracy = training.Accuracy,
            ValidationLoss = validated.Loss,
            ValidationAccuracy = validated.Accuracy,
            LearningRate = rate,
            Seconds = seconds,
            ImagesPerSecond = trainSeconds > 0 ? training.Count / trainSeconds : 0,
            IsBest = isBest,
        };
        epochs.Add(record);
        foreach (ITrainingCallback callback in callbacks) callback.OnEpochEnded(this, record);
    }
}
