using Graft.Data;
using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>A training job on images that have labels or numbers as a whole.</summary>
sealed class LabelJob(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
    : TrainingJob(config, progress, cancellation)
{
    LabelData data = null!;
    FoldHead fold = null!;

    /// <inheritdoc/>
    protected override JobData Read() => data = new LabelData(Config, Progress, Cancellation);

    /// <inheritdoc/>
    protected override ImageModel Open(Device device, FetchOptions fetch)
    {
        ImageModel model = Own(ModelOpening.ForTraining(Config, data.Classes, device, Progress.Note, fetch));
        if (model.IsSegmentation)
            throw new InvalidDataException(
                $"{Config.Data}: expected images with masks, since {Config.Model} gives a class for every pixel; found none. "
                + "Give images/ and masks/, or a model that classifies.");
        JobTask.Prepare(model, data.TrainingSet);
        fold = new FoldHead(model);
        return model;
    }

    /// <inheritdoc/>
    protected override JobPhases NewPhases(OptimisationPlan plan) =>
        new LabelPhases(Config, Model, data, plan, Lora, fold, Extras);

    /// <inheritdoc/>
    protected override JobEstimate? Estimate(JobPhases phases, OptimisationPlan plan) =>
        JobEstimates.Make(Config, (LabelPhases)phases, Model, data, plan, Progress);

    // the head is folded before the best weights are kept
    /// <inheritdoc/>
    protected override IReadOnlyList<ICallback> Callbacks => [fold];

    /// <inheritdoc/>
    protected override (EvaluationResult Measured, Calibration? Calibration) Measure(JobPhases phases)
    {
        JobTask.Finish(Model);
        (EvaluationResult measured, Calibration? calibration) = Evaluate(phases);
        if (!Config.Task.TuneThresholds) return (measured, calibration);
        JobTask.TuneThresholds(Model, measured.Samples);
        return (EvaluationBuilder.Again(measured, Model), calibration);
    }

    /// <inheritdoc/>
    protected override void Write(EvaluationResult measured, RunFolder folder) =>
        RunPredictions.Of(measured, Config.Data).Write(folder.PathOf(RunPredictions.FileName));

    /// <summary>The kept model on the validation images, and the temperature that makes its probabilities true there.</summary>
    (EvaluationResult Measured, Calibration? Calibration) Evaluate(JobPhases phases)
    {
        Model.Evaluate();
        IReadOnlyList<string> usual = Evaluation.UsualMetrics(data.ValidationSet.Count, data.Classes.Count, data.Kind);
        var builder = new EvaluationBuilder(
            data.Classes, [.. MetricNames.Union(usual)], means: Model.Task, keepsOutputs: Config.Task.Fold is not null);
        IReadOnlyList<string> Skipped() => [.. data.BadValidation.Items.Select(bad => bad.Path)];
        EvaluationResult measured = phases.HeldFeatures is { } features
            ? ModelMeasure.Run(features, Model.Classify, Model.Parameters.Device, builder, Skipped, Silent.Instance,
                CancellationToken.None)
            : ModelMeasure.Run(data.Validation(), Model.Forward, Model.Parameters.Device, builder, Skipped, Progress,
                CancellationToken.None);
        if (data.Kind != LabelKind.Single) return (measured, null); // a temperature is of one class of several
        Calibration calibration = TemperatureScaling.Fit(
            [.. measured.Outputs.Chunk(data.Classes.Count)], [.. measured.Samples.Select(sample => sample.Label)]);
        Model.Task = Model.Task with { Temperature = calibration.Temperature };
        return (measured, calibration);
    }
}
