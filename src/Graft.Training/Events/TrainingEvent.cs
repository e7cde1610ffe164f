namespace Graft.Training;

/// <summary>
/// Something that happens in the course of a training, as PyTorch-Ignite's events. Events of iterations are counted over the
/// whole run, those of epochs too, so that <c>Every(50)</c> means the same after a resume.
/// </summary>
public sealed class TrainingEvent
{
    readonly Func<Trainer, long> count;

    TrainingEvent(string name, Func<Trainer, long> count) => (Name, this.count) = (name, count);

    /// <summary>The first thing; after a resume too.</summary>
    public static TrainingEvent RunStarted { get; } = new("run started", _ => 1);

    /// <summary>Something else is trained from here on; after a resume in the midst of a phase too.</summary>
    public static TrainingEvent PhaseStarted { get; } = new("phase started", trainer => trainer.State.PhaseIndex + 1);

    /// <summary>An epoch begins; after a resume in its midst too.</summary>
    public static TrainingEvent EpochStarted { get; } = new("epoch started", trainer => trainer.State.Epoch + 1);

    /// <summary>A batch is there.</summary>
    public static TrainingEvent IterationStarted { get; } = new("iteration started", trainer => trainer.State.Iteration + 1);

    /// <summary>The optimiser changed the weights: after as many batches as gradients are accumulated over.</summary>
    public static TrainingEvent StepCompleted { get; } = new("step completed", trainer => trainer.State.Step);

    /// <summary>A loss or a gradient was no number; the batch changed nothing.</summary>
    public static TrainingEvent StepSkipped { get; } = new("step skipped", trainer => trainer.State.SkippedSteps);

    /// <summary>A batch is done.</summary>
    public static TrainingEvent IterationCompleted { get; } = new("iteration completed", trainer => trainer.State.Iteration);

    /// <summary>The training batches of an epoch are through.</summary>
    public static TrainingEvent EpochTrained { get; } = new("epoch trained", trainer => trainer.State.Epoch + 1);

    /// <summary>Validation begins; the weights are those that are evaluated.</summary>
    public static TrainingEvent EvaluationStarted { get; } = new("evaluation started", trainer => trainer.State.Epoch + 1);

    /// <summary>A validation batch is done; counted from 1 in each validation.</summary>
    public static TrainingEvent EvaluationIterationCompleted { get; } =
        new("evaluation iteration completed", trainer => trainer.Iteration.Batch);

    /// <summary>Validation is done.</summary>
    public static TrainingEvent EvaluationCompleted { get; } = new("evaluation completed", trainer => trainer.State.Epoch + 1);

    /// <summary>An epoch is done and validated: <see cref="Trainer.Epochs"/> has its record, and the model still has the weights
    /// that were evaluated.</summary>
    public static TrainingEvent EpochCompleted { get; } = new("epoch completed", trainer => trainer.State.Epoch);

    /// <summary>A moment at which everything may be saved: after an iteration that ended with a step, and after an
    /// epoch.</summary>
    public static TrainingEvent SavePoint { get; } = new("save point", trainer => trainer.State.Iteration);

    /// <summary>The cancellation was asked for: the last moment to save, where <see cref="Trainer.CanSave"/>.</summary>
    public static TrainingEvent Interrupted { get; } = new("interrupted", trainer => trainer.State.Iteration);

    /// <summary>A phase is done.</summary>
    public static TrainingEvent PhaseCompleted { get; } = new("phase completed", trainer => trainer.State.PhaseIndex + 1);

    /// <summary>The last thing; not after an exception.</summary>
    public static TrainingEvent RunCompleted { get; } = new("run completed", _ => 1);

    /// <summary>What it is, for people.</summary>
    public string Name { get; }

    /// <summary>Every n-th of them: the n-th, the 2n-th and so on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is less than 1.</exception>
    public EventFilter Every(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return new EventFilter(this, at => at % n == 0);
    }

    /// <summary>The n-th alone, from 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is less than 1.</exception>
    public EventFilter Once(int n = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return new EventFilter(this, at => at == n);
    }

    /// <summary>Those whose number, from 1, is wanted.</summary>
    public EventFilter Where(Func<long, bool> wanted) => new(this, wanted);

    /// <summary>Every one.</summary>
    public static implicit operator EventFilter(TrainingEvent all) => new(all, _ => true);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal long CountOf(Trainer trainer) => count(trainer);
}
