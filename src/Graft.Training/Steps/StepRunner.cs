using Graft.Data;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Takes a trainer's batches through forward, backward and, when enough gradients are added up, the optimiser.</summary>
sealed class StepRunner(Trainer trainer)
{
    const string NoGradients = "the gradients were no numbers";

    int seen, size; // of the batches whose gradients make one step

    /// <summary>Whether gradients wait for their step.</summary>
    public bool HasGradients { get; private set; }

    /// <summary>One batch.</summary>
    /// <returns>its loss</returns>
    public double Run(TrainingPhase phase, StepBatch batch, Score score)
    {
        if (seen == 0)
        {
            size = Math.Clamp(phase.Source.BatchCount - batch.Number, 1, phase.AccumulateSteps); // the last ones may be fewer
            phase.Optimizer.ZeroGrad();
        }
        double loss = Accumulate(phase, batch, score);
        if (++seen >= size || batch.Number == phase.Source.BatchCount - 1) Flush(phase);
        return loss;
    }

    /// <summary>Makes the step that waiting gradients are for.</summary>
    public void Flush(TrainingPhase phase)
    {
        seen = 0;
        if (!HasGradients) return;
        HasGradients = false;
        if (phase.Scaler is { } scaler && !scaler.Unscale(phase.Optimizer.Parameters))
        {
            if (scaler.Scale < 1) Skip(phase, NoGradients); // else an overflow that the next step won't have
            return;
        }
        if (!Clip(phase))
        {
            Skip(phase, NoGradients);
            return;
        }
        phase.Optimizer.Step();
        trainer.State.Step++;
        trainer.Raise(TrainingEvent.StepCompleted);
    }

    double Accumulate(TrainingPhase phase, StepBatch batch, Score score)
    {
        bool hadGradients = HasGradients;
        int part = batch.Count;
        while (true)
        {
            try
            {
                (double loss, long right, long judged) = Accumulate(phase, batch, ref part);
                if (!double.IsFinite(loss))
                {
                    if (HasGradients && !hadGradients) Drop(phase); // of the parts before
                    Skip(phase, FormattableString.Invariant($"the loss was {loss}"));
                    return loss;
                }
                trainer.State.NonFiniteSteps = 0;
                if (batch.Kind == LabelKind.Number) score.Add(loss, batch.Count);
                else score.Add(loss, right, judged, batch.Count);
                return loss;
            }
            catch (TorchException error) when (error.IsOutOfMemory && part > 1)
            {
                // half a backward may have left half its gradients: with them go those of the batches before
                Drop(phase);
            }
            trainer.MicroBatches.Shrink(part, batch.Count);
            trainer.Reseed();
        }
    }

    void Drop(TrainingPhase phase)
    {
        phase.Optimizer.ZeroGrad();
        HasGradients = false;
    }

    /// <summary>A batch in as many parts as memory asks for.</summary>
    (double Loss, long Right, long Judged) Accumulate(TrainingPhase phase, StepBatch batch, ref int part)
    {
        Device device = phase.Model.Device;
        IReadOnlyList<(int From, int To)> parts = trainer.MicroBatches.Parts(batch.Count);
        double loss = 0;
        long right = 0, judged = 0;
        foreach ((int from, int to) in parts)
        {
            part = to - from;
            trainer.MicroBatches.Attempting?.Invoke(part);
            using var scope = new TensorScope();
            Tensor inputs = batch.Inputs, targets = batch.Targets;
            if (parts.Count > 1) (inputs, targets) = (inputs.Slice(0, from, to), targets.Slice(0, from, to));
            StepResult result = phase.Step(new StepContext(phase, inputs.To(device), targets.To(device), trainer.State));
            double value = result.Loss.Item<float>(), share = (double)part / batch.Count;
            if (!double.IsFinite(value)) return (value, 0, 0);
            double weight = share / size * (phase.Scaler?.Scale ?? 1);
            HasGradients = true;
            (weight == 1 ? result.Loss : result.Loss * weight).Backward();
            loss += value * share;
            (long found, long all) = result.Logits is { Rank: 4 } maps && batch.Kind == LabelKind.Mask
                ? MaskScoring.Count(maps, targets.To(device)) : (CountRight(result.Logits, batch, from, to), to - from);
            (right, judged) = (right + found, judged + all);
        }
        return (loss, right, judged);
    }

    /// <summary>Shortens the gradients; false where their norm was asked for and is no number.</summary>
    static bool Clip(TrainingPhase phase)
    {
        IEnumerable<Parameter> parameters = phase.Optimizer.Parameters;
        if (phase.ClipValue is { } most) Gradients.ClipValue(parameters, most);
        return phase.ClipNorm is not { } longest || double.IsFinite(Gradients.ClipNorm(parameters, longest));
    }

    // a single overflow is survived: the batch is left out
    void Skip(TrainingPhase phase, string what)
    {
        TrainState state = trainer.State;
        state.NonFiniteSteps++;
        state.SkippedSteps++;
        trainer.Raise(TrainingEvent.StepSkipped);
        if (state.NonFiniteSteps < phase.NonFiniteLimit) return;
        throw new InvalidOperationException(
            $"epoch {state.Epoch + 1}, step {state.Iteration + 1}: {what} for {state.NonFiniteSteps} steps in a row. " +
            "Use a smaller learning rate.");
    }

    static int CountRight(Tensor? logits, StepBatch batch, int from, int to)
    {
        IReadOnlyList<int> labels = batch.LabelValues;
        if (logits is null || logits.Rank != 2 || labels.Count == 0) return 0;
        using GradMode mode = Autograd.NoGrad();
        if (batch.TargetValues is { } targets)
            return Score.CountExact(
                logits.Detach().To(DType.Float32).ToArray<float>(), [.. targets.Skip(from).Take(to - from)]);
        long[] predicted = logits.Detach().ArgMax(-1).ToArray<long>();
        int right = 0;
        for (int i = 0; i < predicted.Length; i++)
            if (predicted[i] == labels[from + i]) right++;
        return right;
    }
}
