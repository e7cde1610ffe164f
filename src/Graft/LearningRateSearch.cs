using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>Which learning rate suits a training job: the loss over rising rates, before anything is trained.</summary>
public static class LearningRateSearch
{
    /// <summary>
    /// Walks along the rates in the job's main phase: for a probe that of the head, else that of the body, with a new head.
    /// Nothing is written.
    /// </summary>
    /// <param name="config">the job; its rate and epochs do not matter</param>
    /// <param name="finder">from where to where; null: fastai's 1e-7 to 10 in 100 batches</param>
    /// <param name="progress">sees how it gets on</param>
    /// <param name="cancellation">stops it</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data or the weights can't be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RateCurve Run(
        JobConfig config, LearningRateFinder? finder = null, ITrainingProgress? progress = null,
        CancellationToken cancellation = default)
    {
        config.Validate();
        progress ??= Silent.Instance;
        Engine.Prepare(config.Threads);
        Device device = Device.Parse(config.Device);
        Engine.ManualSeed(config.Seed);
        progress.PhaseStarted("reading the folder", 0);
        var data = new JobData(config, progress, cancellation);
        progress.PhaseStarted("loading the model", 0);
        var fetch = new FetchOptions
        {
            Revision = config.Revision,
            Progress = progress.Downloads,
            Cancellation = cancellation,
        };
        using ImageModel model = ModelOpening.ForTraining(config, data.Classes, device, progress.Note, fetch);
        data.PrepareFor(model, device, Precisions.Of(config.Precision, device, model, _ => { }));
        LoraAdapters? lora = config.Lora.IsOn
            ? new LoraAdapters(model.Parameters, config.Lora.Options, model.HeadPaths, config.Seed) : null;
        var plan = new OptimisationPlan(config, model, data.Balance);
        var phases = new JobPhases(config, model, data, plan, lora, new FoldHead(model), new PhaseExtras());
        return RateSearch.Walk(phases, model, config, progress, cancellation, finder);
    }
}
