using Graft.Data;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Takes a source's batches through a model in evaluation mode, without gradients, and measures what comes.</summary>
sealed class EvaluationRunner(Trainer trainer)
{
    /// <summary>Loss and accuracy over the whole source, and whatever else is to be measured.</summary>
    public Score Run(ITrainable model, IStepSource source, MetricSet? metrics, CancellationToken cancellation)
    {
        var measured = new Score();
        int done = 0, batches = source.BatchCount;
        model.SetTraining(false);
        foreach (StepBatch batch in source.Epoch(0, cancellation: cancellation))
        {
            using (batch)
            using (var scope = new TensorScope())
            using (Autograd.NoGrad())
            {
                Tensor outputs = trainer.EvaluationBatches.Run(batch.Inputs, part => model.Forward(part.To(model.Device)));
                // numbers have no loss of their own: it depends on their units
                double loss = batch.Kind == LabelKind.Number && trainer.Phase is { } phase
                    ? phase.Loss(outputs, batch.Targets.To(model.Device)).Item<float>() : double.NaN;
                float[] values = outputs.ToArray<float>(); // [N, K]
                measured.Add(values, batch, loss);
                metrics?.Update(values, batch);
            }
            trainer.Iteration = new Iteration(++done, batches, batch.Count, measured.Loss, LearningRate: 0, measured);
            trainer.Raise(TrainingEvent.EvaluationIterationCompleted);
        }
        return measured;
    }
}
