using System.Diagnostics;
using Graft.Data;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// One training job from its images to its run's folder, from the start or from a checkpoint: what all kinds of images share.
/// </summary>
abstract class TrainingJob(JobConfig config, ITrainingProgress progress, CancellationToken cancellation) : IDisposable
{
    readonly long start = Stopwatch.GetTimestamp();
    readonly List<IDisposable> owned = [];
    RunFolder folder = null!;
    ImageModel model = null!;
    JobData data = null!;
    LoraAdapters? lora;
    PhaseExtras? extras;
    Device device;

    /// <summary>The job for such images.</summary>
    /// <exception cref="InvalidDataException">They are in a table that is damaged.</exception>
    public static TrainingJob Of(JobConfig config, ITrainingProgress progress, CancellationToken cancellation) =>
        SegmentationData.IsAt(config.Data, config.Task.Table) ? new MaskJob(config, progress, cancellation)
            : new LabelJob(config, progress, cancellation);

    OptimisationPlan Optimisation => new(config, model, data.Balance);

    /// <summary>Told of the model as it is saved.</summary>
    public Action<ImageModel>? Inspect { get; set; }

    /// <summary>The run to take up.</summary>
    /// <value>null: a new one</value>
    public RunFolder? Resumed { get; set; }

    /// <summary>The settings, with what was found out since.</summary>
    protected JobConfig Config => config;

    /// <summary>Sees how the job gets on.</summary>
    protected ITrainingProgress Progress => progress;

    /// <summary>Stops the job.</summary>
    protected CancellationToken Cancellation => cancellation;

    /// <summary>What is trained.</summary>
    protected ImageModel Model => model;

    /// <summary>Adapters that are trained in place of the layers; null for none.</summary>
    protected LoraAdapters? Lora => lora;

    /// <summary>What goes along with the phases.</summary>
    protected PhaseExtras Extras => extras ??= new PhaseExtras { Watched = config.Metrics.Monitored };

    /// <summary>Reads the listing of the images.</summary>
    protected abstract JobData Read();

    /// <summary>Opens the model, with a new head for the data's classes, and owns it.</summary>
    protected abstract ImageModel Open(Device device, FetchOptions fetch);

    /// <summary>What is trained one after another.</summary>
    protected abstract JobPhases NewPhases(OptimisationPlan plan);

    /// <summary>What it will take, by a look at a few images.</summary>
    /// <value>null: not known</value>
    protected virtual JobEstimate? Estimate(JobPhases phases, OptimisationPlan plan) => null;

    /// <summary>What comes before the best weights are kept, after each epoch.</summary>
    protected abstract IReadOnlyList<ICallback> Callbacks { get; }

    /// <summary>What is measured after each epoch beside loss and accuracy, by its names.</summary>
    protected virtual IReadOnlyList<string> MetricNames => config.Metrics.NamesFor(data.Kind);

    /// <summary>Makes the kept model ready for use, and measures it.</summary>
    protected abstract (EvaluationResult Measured, Calibration? Calibration) Measure(JobPhases phases);

    /// <summary>Writes what the model made of the validation images.</summary>
    protected abstract void Write(EvaluationResult measured, RunFolder folder);

    /// <summary>Trains, measures and saves.</summary>
    public TrainResult Run()
    {
        if (Resumed is not null) folder = Own(Resumed);
        Prepare();
        if (Resumed is null) folder = Own(RunFolder.Create(config.Output, model.Name, config.Data));
        JobPhases phases = NewPhases(Optimisation);
        if (config.Optimisation is { FindRate: true, FoundRate: null }) phases = FindRate(phases);
        JobPlan plan = Plan(phases) with
        {
            Estimate = config.Estimates && Resumed is null ? Estimate(phases, Optimisation) : null,
        };
        folder.Write(RunFiles.Job, JobFile.Write(Lasting()));
        progress.Prepared(plan);

        var origin = new RunIdentity(
            new(data.TrainingSet.ListingHash), new(data.ValidationSet.ListingHash),
            new(() => config.FromScratch ? "" : model.WeightsSha256));
        using var keeper = new KeepBest(() => phases.Widest.Changing);
        Trainer trainer = NewTrainer(phases, origin, keeper, plan);
        Resume(trainer);
        bool wasCancelled = Train(trainer, phases, keeper);
        keeper.Restore();
        lora?.Merge();
        (EvaluationResult measured, Calibration? calibration) = Measure(phases);
        var result = new TrainResult
        {
            Folder = folder.Target,
            WasCancelled = wasCancelled,
            StopReason = trainer.State.StopReason,
            SkippedSteps = trainer.State.SkippedSteps,
            Epochs = trainer.Epochs,
            Best = keeper.Best!,
            Validation = measured,
            Calibration = calibration,
            Plan = plan,
            SkippedImages = [.. data.BadTraining.Items.Concat(data.BadValidation.Items).Select(bad => bad.Path).Distinct()],
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        return Save(result, origin);
    }

    /// <summary>Walks along learning rates; nothing is trained or written.</summary>
    public RateCurve SearchRate(LearningRateFinder? finder)
    {
        Prepare();
        return RateSearch.Walk(NewPhases(Optimisation), model, config, progress, cancellation, finder);
    }

    void Prepare()
    {
        Engine.Prepare(config.Threads);
        device = Device.Parse(config.Device);
        _ = Precisions.On(config.Precision, device); // a mistake is told before anything is read
        Engine.ManualSeed(config.Seed);

        progress.PhaseStarted("reading the folder", 0);
        data = Read();

        progress.PhaseStarted("loading the model", 0);
        var fetch = new FetchOptions
        {
            Revision = config.Revision,
            Progress = progress.Downloads,
            Cancellation = cancellation,
        };
        model = Open(device, fetch);
        data.PrepareFor(model, device, Precisions.Of(config.Precision, device, model, progress.Note));
        _ = (Optimisation.Loss(data.Kind), NewMetrics()); // what does not fit is refused before anything is written
        if (config.Lora.IsOn) lora = new LoraAdapters(model.Parameters, config.Lora.Options, model.HeadPaths, config.Seed);
    }

    /// <summary>Looks for the rate, and goes on with phases that have it.</summary>
    JobPhases FindRate(JobPhases phases)
    {
        RateCurve curve = RateSearch.Walk(phases, model, config, progress, cancellation);
        if (curve.Suggest() is not { } found)
        {
            progress.Note("no learning rate could be found: the loss ran away at once. The mode's own is taken");
            return phases;
        }
        progress.Note(FormattableString.Invariant($"learning rate {found:g3}, found in {curve.Rates.Count} batches"));
        config = config with { Optimisation = config.Optimisation with { FoundRate = found } };
        return NewPhases(Optimisation);
    }

    JobPlan Plan(JobPhases phases) => new()
    {
        Architecture = model.FullName,
        Labels = data.Classes,
        TrainingImages = data.TrainingSet.Count,
        ValidationImages = data.ValidationSet.Count,
        Epochs = phases.Epochs,
        BatchSize = data.BatchSize,
        LearningRate = Optimisation.HighestRate,
        InputSize = data.InputSize,
        Parameters = model.Parameters.Weights.Sum(weight => weight.Value.ElementCount),
        TrainableParameters = phases.Widest.TrainedElements,
        Precision = Precisions.NameOf(data.Precision),
        Folder = folder.Target,
    };

    /// <summary>The settings for a later process, which may start elsewhere and on fewer cores.</summary>
    JobConfig Lasting() => config with
    {
        Data = Path.GetFullPath(config.Data),
        Task = config.Task with { Table = config.Task.Table.AtFullPath() },
        Model = Path.Exists(config.Model) ? Path.GetFullPath(config.Model) : config.Model,
        PreprocessPath = config.PreprocessPath is { } path ? Path.GetFullPath(path) : null,
        Output = null,
        Threads = Engine.Threads,
        Precision = Precisions.KindOf(data.Precision), // a resumed run goes on in it, wherever it does
    };

    // what is attached first is called first, and all is saved last
    Trainer NewTrainer(JobPhases phases, RunIdentity origin, KeepBest keeper, JobPlan plan)
    {
        var trainer = new Trainer
        {
            State = new TrainState { Seed = config.Seed },
            Metrics = NewMetrics(),
            Monitor = config.Metrics.MonitoredFor(data.Kind),
        };
        foreach (MicroBatching parts in (MicroBatching[])[trainer.MicroBatches, trainer.EvaluationBatches])
            (parts.Changed, parts.Limit) = (progress.Note, plan.Estimate?.ImagesAtOnce);
        trainer.Keep(origin);
        trainer.Keep(new WeightMemory("model", () => phases.Widest.Changing));
        foreach (ICallback callback in Callbacks) trainer.Add(callback);
        trainer.Add(Extras);
        trainer.Add(keeper);
        CheckpointSettings checkpoints = config.Checkpoints;
        if (checkpoints.Patience > 0) trainer.Add(new EarlyStopping(checkpoints.Patience, checkpoints.MinimumGain));
        trainer.Add(new ProgressCallback(progress, plan.Epochs, folder));
        trainer.Add(new StepLog(folder));
        trainer.Add(new CheckpointFolder(folder.Checkpoints, Math.Max(1, checkpoints.KeepLast), checkpoints.EveryMinutes));
        return trainer;
    }

    MetricSet? NewMetrics() => MetricNames is { Count: > 0 } names
        ? new MetricSet(names, data.Kind, data.Classes) : null;

    void Resume(Trainer trainer)
    {
        if (Resumed is null) return;
        IDisposable? file = CheckpointFolder.OpenNewest(folder.Checkpoints, progress.Note, out StateReader? state);
        if (file is null) progress.Note("there is no checkpoint yet: the run begins anew");
        else
        {
            Own(file); // the phase reads its part when it begins
            trainer.Resume(state!);
            progress.Note($"going on after epoch {trainer.State.Epoch}, batch {trainer.State.Batch} of the next");
        }
        folder.Write(RunFiles.Metrics, RunFiles.MetricsOf(trainer.Epochs)); // lines after the checkpoint will be written again
    }

    /// <summary>Trains; whether it was cancelled after there was something to keep.</summary>
    bool Train(Trainer trainer, JobPhases phases, KeepBest keeper)
    {
        trainer.On(TrainingEvent.StepSkipped, at => progress.Note(
            $"epoch {at.State.Epoch + 1}, batch {at.State.Batch + 1}: no usable number came of it; it was left out"));
        try
        {
            trainer.Run(phases.Plan(), cancellation);
            return false;
        }
        catch (OperationCanceledException) when (keeper.Best is not null)
        {
            return true;
        }
        catch (OperationCanceledException) when (CheckpointFolder.Any(folder.Checkpoints))
        {
            progress.Note($"stopped; to go on: graft train --resume {folder.Target}");
            throw;
        }
    }

    TrainResult Save(TrainResult result, RunIdentity origin)
    {
        progress.PhaseStarted("saving", 0);
        Inspect?.Invoke(model);
        ModelSaver.Save(model, folder.Target);
        string command = config.CommandLine ?? RunFiles.CommandOf(config);
        folder.Write(RunFiles.Command, command + "\n");
        if (config.Augmentation.Transforms is { } steps) folder.Write(AugmentationFile.UsualName, AugmentationFile.Text(steps));
        var origins = new RunOrigins(
            origin.TrainListing, origin.ValidationListing, origin.Weights,
            RunFiles.HashOf([folder.PathOf(ModelSaver.WeightsFile(model))]), device.ToString(), Engine.Threads);
        Write(result.Validation, folder);
        RunFacts.Of(model, data.TrainingSet, data.ValidationSet).Write(folder.PathOf(RunFacts.FileName));
        result = result with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
        folder.WriteJson(RunFiles.Summary, json => RunFiles.WriteSummary(json, result, config, origins));
        progress.PhaseStarted("writing the report", 0);
        folder.Write(RunFiles.Report, RunReport.BuildWith(folder.Target, model));
        if (config.Checkpoints.KeepLast == 0 && !result.WasCancelled && Directory.Exists(folder.Checkpoints))
            Directory.Delete(folder.Checkpoints, recursive: true);
        folder.Finish();
        return result;
    }

    /// <summary>Disposes something when the job ends.</summary>
    protected T Own<T>(T item) where T : IDisposable
    {
        owned.Add(item);
        return item;
    }

    public void Dispose()
    {
        foreach (IDisposable item in Enumerable.Reverse(owned)) item.Dispose();
    }
}
