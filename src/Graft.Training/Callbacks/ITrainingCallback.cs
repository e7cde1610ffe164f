namespace Graft.Training;

/// <summary>
/// Sees a training at work, in this order. Every method may be left out; all are called on the trainer's thread.
/// </summary>
public interface ITrainingCallback
{
    /// <summary>A phase begins: something else is trained from here on.</summary>
    void OnPhaseStarted(Trainer trainer, TrainingPhase phase) { }

    /// <summary>An epoch begins.</summary>
    void OnEpochStarted(Trainer trainer) { }

    /// <summary>A step is done.</summary>
    void OnIterationEnded(Trainer trainer, in Iteration iteration) { }

    /// <summary>The training batches of an epoch are through; validation begins.</summary>
    void OnEvaluationStarted(Trainer trainer) { }

    /// <summary>A validation batch is done.</summary>
    void OnEvaluated(Trainer trainer, in Iteration iteration) { }

    /// <summary>An epoch is done and validated; the model still has its weights.</summary>
    void OnEpochEnded(Trainer trainer, EpochRecord epoch) { }
}
