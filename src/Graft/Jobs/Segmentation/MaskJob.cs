using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>A training job on images with masks.</summary>
sealed class MaskJob(JobConfig config, ITrainingProgress progress, CancellationToken cancellation)
    : TrainingJob(config, progress, cancellation)
{
    MaskData data = null!;
    IReadOnlyList<string> newPaths = [];
    SegmentationGallery? gallery;

    /// <inheritdoc/>
    protected override JobData Read() => data = new MaskData(Config, Progress, Cancellation);

    /// <inheritdoc/>
    protected override ImageModel Open(Device device, FetchOptions fetch)
    {
        ImageModel model = Own(ModelOpening.ForMasks(Config, data.Classes, device, Progress.Note, fetch));
        model.Preprocess = data.Prepared(model.Preprocess);
        model.Task = model.Task with { Palette = data.Palette };
        newPaths = model.NewDecoderPaths;
        return model;
    }

    /// <inheritdoc/>
    protected override JobPhases NewPhases(OptimisationPlan plan) =>
        new MaskPhases(Config, Model, data, plan, Lora, Extras, newPaths);

    /// <inheritdoc/>
    protected override IReadOnlyList<ICallback> Callbacks => [];

    /// <inheritdoc/>
    protected override (EvaluationResult Measured, Calibration? Calibration) Measure(JobPhases phases)
    {
        Model.Evaluate();
        var builder = new MaskEvaluationBuilder(data.Classes, [.. MetricNames.Union(MetricList.Usual(data.Kind))]);
        gallery = new SegmentationGallery();
        EvaluationResult measured = MaskMeasure.Run(
            data.Validation(), Model.Forward, Model.Parameters.Device, builder, gallery,
            () => [.. data.BadValidation.Items.Select(bad => bad.Path)], Progress, CancellationToken.None);
        return (measured, null);
    }

    /// <inheritdoc/>
    protected override void Write(EvaluationResult measured, RunFolder folder)
    {
        RunMasks.Of(measured.Segmentation!, Config.Data).Write(folder.PathOf(RunMasks.FileName));
        gallery?.Write(folder.Target, Config.Data, data.Palette);
    }
}
