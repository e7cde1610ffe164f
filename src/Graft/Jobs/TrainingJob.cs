using System.Diagnostics;
using Graft.Data;
using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>One training job from its folder of photos to its run's folder.</summary>
sealed class TrainingJob(JobConfig config, ITrainingProgress progress, CancellationToken cancellation) : IDisposable
{
    const string HeadPhase = "head", AllPhase = "all";
    const int EvaluationBatch = 256; // rows of features, not images
    const int FrozenPasses = 5; // over the features that a frozen epoch of fine-tuning has computed: they cost next to nothing

    readonly long start = Stopwatch.GetTimestamp();
    readonly ImageCache cache = new();
    readonly BadImages badTraining = new(), badValidation = new();
    readonly List<IDisposable> owned = [];
    RunFolder folder = null!;
    ImageModel model = null!;
    ImageDataset training = null!, validation = null!;
    Features? heldFeatures;
    Device device;
    int batchSize;

    /// <summary>Told of the model as it is saved.</summary>
    public Action<ImageModel>? Inspect { get; init; }

    double Rate => config.HighestRate;

    public TrainResult Run()
    {
        Prepare();
        JobPlan plan = Plan();
        progress.Prepared(plan);

        using var keeper = new KeepBest(() => model.Parameters.All);
        var fold = new FoldHead(model);
        var trainer = new Trainer(
            new ProgressCallback(progress, plan.Epochs, folder), fold, keeper)
        {
            State = new TrainState { Seed = config.Seed },
        };
        bool wasCancelled = RunPhases(trainer, fold, keeper);
        keeper.Restore();
        EvaluationResult measured = Measure();

        var result = new TrainResult
        {
            Folder = folder.Target,
            WasCancelled = wasCancelled,
            Epochs = trainer.Epochs,
            Best = keeper.Best!,
            Validation = measured,
            Plan = plan,
            SkippedImages = [.. badTraining.Items.Concat(badValidation.Items).Select(bad => bad.Path).Distinct()],
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        return Save(result);
    }

    void Prepare()
    {
        Engine.Prepare(config.Threads);
        device = Device.Parse(config.Device);
        Engine.ManualSeed(config.Seed);

        progress.PhaseStarted("reading the folder", 0);
        ImageFolder images = ImageFolder.Open(config.Data);
        foreach (string note in images.Notes) progress.Note(note);
        (training, validation) = images.TrainAndValidation(config.ValidationShare, config.Seed);
        badTraining.Found += Tell;
        badValidation.Found += Tell;
        batchSize = Math.Clamp(training.Count / 4, 1, config.BatchSize);

        progress.PhaseStarted("loading the model", 0);
        var fetch = new FetchOptions
        {
            Revision = config.Revision,
            Progress = progress.Downloads,
            Cancellation = cancellation,
        };
        model = Own(ModelOpening.ForTraining(config, images.Classes, device, progress.Note, fetch));
        folder = Own(RunFolder.Create(config.Output, model.Name, config.Data));
    }

    void Tell(BadImage bad) => progress.Note($"skipped {bad}");

    JobPlan Plan()
    {
        var whole = new TransferModel(model, FreeGroups, config.KeepsStatistics);
        return new JobPlan
        {
            Architecture = model.FullName,
            Labels = training.Classes,
            TrainingImages = training.Count,
            ValidationImages = validation.Count,
            Epochs = config.Epochs + (config.Mode == TrainingMode.FineTune ? config.FreezeEpochs : 0),
            BatchSize = batchSize,
            LearningRate = Rate,
            InputSize = $"{model.Preprocess.Height}x{model.Preprocess.Width}",
            Parameters = model.Parameters.Weights.Sum(weight => weight.Value.ElementCount),
            TrainableParameters = model.Parameters.Trainable.Sum(weight => weight.Value.ElementCount),
            Folder = folder.Target,
        };
    }

    /// <summary>How many layer groups are trained in the end.</summary>
    int FreeGroups => config.Mode switch
    {
        TrainingMode.Probe => 0,
        TrainingMode.Partial => config.UnfreezeGroups,
        _ => int.MaxValue,
    };

    /// <summary>Runs what trains; whether it was cancelled after there was something to keep.</summary>
    bool RunPhases(Trainer trainer, FoldHead fold, KeepBest keeper)
    {
        try
        {
            if (config.Mode == TrainingMode.Probe) TrainHead(trainer, fold, config.Epochs, config.Augments, passes: 1);
            else TrainBody(trainer, fold);
            return false;
        }
        catch (OperationCanceledException) when (keeper.Best is not null)
        {
            return true;
        }
    }

    void TrainBody(Trainer trainer, FoldHead fold)
    {
        bool startsFrozen = config.Mode == TrainingMode.FineTune && config.FreezeEpochs > 0;
        if (startsFrozen)
            TrainHead(trainer, fold, config.FreezeEpochs, augments: false, FrozenPasses);
        IStepSource images = TrainingImages(), held = ValidationImages();
        switch (config.Mode)
        {
            case TrainingMode.FineTune: // fastai's fine_tune: the base rate is halved
                RunPhase(
                    trainer, images, held, AllPhase, int.MaxValue, Rate / 2, config.LearningRateSpread, risingShare: 0.3, div: 5);
                break;
            case TrainingMode.Partial:
                RunPhase(trainer, images, held, $"last {config.UnfreezeGroups} groups", config.UnfreezeGroups, Rate);
                break;
            default:
                RunPhase(trainer, images, held, AllPhase, int.MaxValue, Rate);
                break;
        }
    }

    void RunPhase(
        Trainer trainer, IStepSource images, IStepSource held, string name, int freeGroups, double rate, double spread = 1,
        double risingShare = 0.25, double div = 25)
    {
        var transfer = new TransferModel(model, freeGroups, config.KeepsStatistics);
        using AdamW optimizer = NewOptimizer(transfer.ParameterGroups(rate, spread, config.WeightDecay));
        trainer.Run(new TrainingPhase
        {
            Name = name,
            Epochs = config.Epochs,
            Model = transfer,
            Source = images,
            Validation = held,
            Optimizer = optimizer,
            RateSchedule = OneCycleSchedule.Rate(div, risingShare: risingShare),
            MomentumSchedule = OneCycleSchedule.Momentum(risingShare: risingShare),
            Loss = Loss,
        }, cancellation);
    }

    /// <summary>
    /// Trains the head on what the frozen body, in evaluation mode, makes of each image: computed once where images are not
    /// augmented.
    /// </summary>
    void TrainHead(Trainer trainer, FoldHead fold, int epochs, bool augments, int passes)
    {
        double rate = config.LearningRate ?? JobConfig.DefaultLearningRate(TrainingMode.Probe);
        var frozen = new TransferModel(model, freeGroups: 0, config.KeepsStatistics);
        if (!model.Head!.IsLinear)
        {
            TrainOtherHead(trainer, frozen, epochs, augments, passes, rate);
            return;
        }
        model.Evaluate();
        heldFeatures = ComputeFeatures(ValidationImages());
        Features seen = ComputeFeatures(Source(training, EvaluationPipeline(), badTraining, shuffle: false));
        (float[] mean, float[] deviation) = seen.Statistics();
        IStepSource source = augments
            ? new AugmentedFeatureSource(TrainingImages(), model.Features, device, mean, deviation)
            : new FeatureSource(
                seen.Standardise(mean, deviation), batchSize,
                new RepeatedSampler(new ShuffledSampler(seen.Count, config.Seed), passes));

        using var head = new ProbeHead(training.Classes.Count, mean, deviation);
        using AdamW optimizer = NewOptimizer([new ParameterGroup(HeadPhase, head.Parameters, rate, config.WeightDecay)]);
        fold.Head = head;
        trainer.Run(new TrainingPhase
        {
            Name = HeadPhase,
            Epochs = epochs,
            Model = head,
            Source = source,
            Validation = new FeatureSource(heldFeatures.Clone().Standardise(mean, deviation), EvaluationBatch),
            Optimizer = optimizer,
            RateSchedule = OneCycleSchedule.Rate(risingShare: 0.3), // at full rate, the first batches would decide too much
            Loss = Loss,
        }, cancellation);
        fold.Head = null;
    }

    /// <summary>Trains a head of several layers: on features once computed, where it does not need maps.</summary>
    void TrainOtherHead(Trainer trainer, TransferModel frozen, int epochs, bool augments, int passes, double rate)
    {
        ITrainable trained = frozen;
        IStepSource source, held;
        if (model.Head!.TakesMap || augments) (source, held) = (TrainingImages(), ValidationImages());
        else
        {
            model.Evaluate();
            heldFeatures = ComputeFeatures(ValidationImages());
            Features seen = ComputeFeatures(Source(training, EvaluationPipeline(), badTraining, shuffle: false));
            trained = new HeadOnFeatures(model);
            source = new FeatureSource(
                seen, batchSize, new RepeatedSampler(new ShuffledSampler(seen.Count, config.Seed), passes));
            held = new FeatureSource(heldFeatures, EvaluationBatch);
        }
        using AdamW optimizer = NewOptimizer(frozen.ParameterGroups(rate, spread: 1, config.WeightDecay));
        trainer.Run(new TrainingPhase
        {
            Name = HeadPhase,
            Epochs = epochs,
            Model = trained,
            Source = source,
            Validation = held,
            Optimizer = optimizer,
            RateSchedule = OneCycleSchedule.Rate(risingShare: 0.3),
            Loss = Loss,
        }, cancellation);
    }

    /// <summary>The kept model on the validation images.</summary>
    EvaluationResult Measure()
    {
        model.Evaluate();
        return config.Mode == TrainingMode.Probe && heldFeatures is not null
            ? ModelMeasure.Run(
                new FeatureSource(heldFeatures, EvaluationBatch), model.Classify, device, training.Classes, SkippedInValidation,
                Silent.Instance, CancellationToken.None)
            : ModelMeasure.Run(
                ValidationImages(), model.Forward, device, training.Classes, SkippedInValidation, progress,
                CancellationToken.None);
    }

    IReadOnlyList<string> SkippedInValidation() => [.. badValidation.Items.Select(bad => bad.Path)];

    // fastai's AdamW
    static AdamW NewOptimizer(IEnumerable<ParameterGroup> groups) => new(groups, beta1: 0.9, beta2: 0.99, eps: 1e-5);

    Features ComputeFeatures(IStepSource images)
    {
        const string Phase = "computing features";
        progress.PhaseStarted(Phase, images.SampleCount);
        long started = Stopwatch.GetTimestamp();
        int done = 0, batches = 0;
        return Features.Compute(images, model.FeatureCount, model.Features, device, epoch: 0, count =>
        {
            done += count;
            double speed = done / Math.Max(1e-9, Stopwatch.GetElapsedTime(started).TotalSeconds);
            progress.Advanced(new StepProgress(
                Phase, 0, 0, ++batches, images.BatchCount, done, images.SampleCount, double.NaN, double.NaN, speed));
        }, cancellation);
    }

    Tensor Loss(Tensor logits, Tensor labels) => logits.CrossEntropy(labels, labelSmoothing: config.LabelSmoothing);

    ImageSource TrainingImages()
    {
        SamplePipeline pipeline = config.Augments
            ? SamplePipeline.Training(model.Preprocess, config.Seed, cache) with { IgnoreOrientation = config.IgnoreOrientation }
            : EvaluationPipeline();
        return Source(training, pipeline, badTraining, shuffle: true);
    }

    ImageSource ValidationImages() => Source(validation, EvaluationPipeline(), badValidation, shuffle: false);

    SamplePipeline EvaluationPipeline() => new(model.Preprocess) { IgnoreOrientation = config.IgnoreOrientation, Cache = cache };

    ImageSource Source(ImageDataset images, SamplePipeline pipeline, BadImages bad, bool shuffle) => new(new DataLoader(
        images, pipeline, new DataLoaderOptions
        {
            BatchSize = shuffle ? batchSize : config.BatchSize,
            Shuffle = shuffle,
            Seed = config.Seed,
            Workers = config.Workers,
            MemoryFormat = ModelOpening.FormatOn(device),
        }, bad));

    TrainResult Save(TrainResult result)
    {
        progress.PhaseStarted("saving", 0);
        Inspect?.Invoke(model);
        ModelSaver.Save(model, folder.Unfinished);
        string command = config.CommandLine ?? RunFiles.CommandOf(config);
        folder.Write(RunFiles.Command, command + "\n");
        var origins = new RunOrigins(
            training.ListingHash(), validation.ListingHash(), config.FromScratch ? "" : model.WeightsSha256,
            RunFiles.HashOf([folder.PathOf(ModelSaver.WeightsFile(model))]), device.ToString(), Engine.Threads);
        folder.Write(RunFiles.Report, Reports.HtmlReport.Build(result, config, command));
        result = result with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
        folder.WriteJson(RunFiles.Summary, json => RunFiles.WriteSummary(json, result, config, origins));
        folder.Finish();
        return result with { Folder = folder.Target };
    }

    T Own<T>(T item) where T : IDisposable
    {
        owned.Add(item);
        return item;
    }

    public void Dispose()
    {
        foreach (IDisposable item in Enumerable.Reverse(owned)) item.Dispose();
    }
}
