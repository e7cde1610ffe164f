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
                if (batch.Kind == LabelKind.Mask)
                    MaskScoring.Add(outputs, batch, trainer.Phase?.Loss ?? TrainingPhase.UsualLoss, measured, metrics);
                else Add(outputs, batch, model.Device, measured, metrics);
            }
            trainer.Iteration = new Iteration(++done, batches, batch.Count, measured.Loss, LearningRate: 0, measured);
            trainer.Raise(TrainingEvent.EvaluationIterationCompleted);
        }
        return measured;
    }

    void Add(Tensor outputs, StepBatch batch, Device device, Score measured, MetricSet? metrics)
    {
        // numbers have no loss of their own: it depends on their units
        double loss = batch.Kind == LabelKind.Number && trainer.Phase is { } phase
            ? phase.Loss(outputs, batch.Targets.To(device)).Item<float>() : double.NaN;
        float[] values = outputs.ToArray<float>(); // [N, K]
        measured.Add(values, batch, loss);
        metrics?.Update(values, batch);
    }
}
