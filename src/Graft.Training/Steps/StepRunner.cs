using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Takes a trainer's batches through forward, backward and, when enough gradients are added up, the optimiser.</summary>
sealed class StepRunner(Trainer trainer)
{
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
        if (!Clip(phase))
        {
            Skip(phase, "the gradients were");
            return;
        }
        phase.Optimizer.Step();
        trainer.State.Step++;
        trainer.Raise(TrainingEvent.StepCompleted);
    }

    double Accumulate(TrainingPhase phase, StepBatch batch, Score score)
    {
        using var scope = new TensorScope();
        Device device = phase.Model.Device;
        Tensor inputs = batch.Inputs.To(device), targets = batch.Targets.To(device);
        StepResult result = phase.Step(new StepContext(phase, inputs, targets, trainer.State));
        double value = result.Loss.Item<float>();
        if (!double.IsFinite(value))
        {
            Skip(phase, FormattableString.Invariant($"the loss was {value}"));
            return value;
        }
        trainer.State.NonFiniteSteps = 0;
        (size > 1 ? result.Loss * (1.0 / size) : result.Loss).Backward();
        HasGradients = true;
        score.Add(value, CountRight(result.Logits, batch.LabelValues), batch.Count);
        return value;
    }

    /// <summary>Shortens the gradients; false where their norm was asked for and is no number.</summary>
    static bool Clip(TrainingPhase phase)
    {
        IEnumerable<Parameter> parameters = phase.Optimizer.Groups.SelectMany(group => group.Parameters);
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
        if (what.EndsWith("were", StringComparison.Ordinal)) what += " no numbers";
        throw new InvalidOperationException(
            $"epoch {state.Epoch + 1}, step {state.Iteration + 1}: {what} for {state.NonFiniteSteps} steps in a row. " +
            "Use a smaller learning rate.");
    }

    static int CountRight(Tensor? logits, IReadOnlyList<int> labels)
    {
        if (logits is null || logits.Rank != 2 || labels.Count == 0) return 0;
        using GradMode mode = Autograd.NoGrad();
        long[] predicted = logits.Detach().ArgMax(-1).ToArray<long>();
        int right = 0;
        for (int i = 0; i < predicted.Length; i++)
            if (predicted[i] == labels[i]) right++;
        return right;
    }
}
