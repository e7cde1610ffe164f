using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>What a training job trains, one phase after another, by its mode. Nothing is frozen or computed until a phase
/// begins.</summary>
/// <param name="config">the settings</param>
/// <param name="model">what is trained</param>
/// <param name="data">its images</param>
/// <param name="optimisation">how it is trained</param>
/// <param name="lora">adapters that are trained in place of the layers; null for none</param>
/// <param name="fold">told which classifier stands in for the model's head</param>
/// <param name="extras">told what goes along with each phase</param>
sealed class JobPhases(
    JobConfig config, ImageModel model, JobData data, OptimisationPlan optimisation, LoraAdapters? lora, FoldHead fold,
    PhaseExtras extras)
{
    const string HeadPhase = "head", AllPhase = "all", AdapterPhase = "adapters";
    const int EvaluationBatch = 256; // rows of features, not images
    const int FrozenPasses = 5; // over the features that a frozen epoch of fine-tuning has computed: they cost next to nothing

    /// <summary>The validation images' features, where a phase has computed them and the body is as it was.</summary>
    public IStepSource? HeldFeatures =>
        data.HeldFeatures is { } held ? new FeatureSource(held, EvaluationBatch) : null;

    /// <summary>The model with everything free that a phase will train.</summary>
    public TransferModel Widest => new(model, FreeGroups, lora) { Precision = data.Precision };

    /// <summary>Epochs of all phases.</summary>
    public int Epochs => Plan().Sum(phase => phase.Epochs);

    /// <summary>The phases.</summary>
    public IReadOnlyList<PhasePlan> Plan()
    {
        switch (config.Mode)
        {
            case TrainingMode.Probe:
                return [new PhasePlan(HeadPhase, config.Epochs, () => Head(config.Epochs, config.Augments, passes: 1))];
            case TrainingMode.FineTune:
                var whole = new PhasePlan(BodyName, config.Epochs, Body);
                if (config.FreezeEpochs == 0) return [whole];
                return [
                    new PhasePlan(HeadPhase, config.FreezeEpochs, () => Head(config.FreezeEpochs, augments: false, FrozenPasses)),
                    whole,
                ];
            default: return [new PhasePlan(BodyName, config.Epochs, Body)];
        }
    }

    /// <summary>The phase that trains the most, for a look at its rates; the caller's to dispose.</summary>
    public TrainingPhase Main() => config.Mode == TrainingMode.Probe
        ? Head(config.Epochs, config.Augments, passes: 1) : Body();

    string BodyName => lora is not null ? AdapterPhase
        : config.Mode == TrainingMode.Partial ? $"last {config.UnfreezeGroups} groups" : AllPhase;

    /// <summary>How many layer groups are trained in the end.</summary>
    int FreeGroups => config.Mode switch
    {
        TrainingMode.Probe => 0,
        TrainingMode.Partial => config.UnfreezeGroups,
        _ => int.MaxValue,
    };

    TrainingPhase Body()
    {
        bool finetunes = config.Mode == TrainingMode.FineTune;
        double rate = optimisation.HighestRate, spread = finetunes ? config.LearningRateSpread : 1;
        // fastai's fine_tune halves the rate that it is given; one that was looked for in this very phase is the phase's own
        if (finetunes && config.Optimisation.FoundRate is null) rate /= 2;
        (double rise, double div) = finetunes ? (0.3, 5) : (0.25, 25);
        TransferModel transfer = Widest.Freeze(config.KeepsStatistics);
        ISchedule rates = optimisation.Rates(config.Epochs, rise, div);
        ExponentialMovingAverage? average = optimisation.Average();
        return Phase(
            BodyName, config.Epochs, transfer, data.Training(shuffle: true, config.Augments), data.Validation(),
            optimisation.Groups(rate, spread), rates, optimisation.Momentum(rise), owned: average is null ? [] : [average],
            state: extras.Begin(average, rates, config.Optimisation.GradualUnfreeze ? transfer : null));
    }

    /// <summary>
    /// Trains the head on what the frozen body, in evaluation mode, makes of each image: computed once where images are not
    /// augmented.
    /// </summary>
    TrainingPhase Head(int epochs, bool augments, int passes)
    {
        double rate = optimisation.HeadRate;
        TransferModel frozen = new TransferModel(model, freeGroups: 0) { Precision = data.Precision }
            .Freeze(config.KeepsStatistics);
        if (!model.Head!.IsLinear) return OtherHead(frozen, epochs, augments, passes, rate);
        (Features seen, Features held) = data.FrozenFeatures();
        (float[] mean, float[] deviation) = seen.Statistics();
        IStepSource source = augments
            ? new AugmentedFeatureSource(
                data.Training(shuffle: true, augments), data.LowFeatures, data.Device, mean, deviation)
            : new FeatureSource(seen.Standardise(mean, deviation), data.BatchSize, data.Repeated(seen.Labels, passes));
        var head = new ProbeHead(data.Classes.Count, mean, deviation, scale: model.OutputScale);
        fold.Head = head;
        ISchedule rates = optimisation.Rates(epochs, rise: 0.3); // at full rate, the first batches would decide too much
        return Phase(
            HeadPhase, epochs, head, source,
            new FeatureSource(held.Clone().Standardise(mean, deviation), EvaluationBatch),
            [new ParameterGroup(HeadPhase, head.Parameters, rate, config.WeightDecay)],
            rates, owned: [head, fold.Until()],
            state: [new WeightMemory("head", () => head.Parameters), .. extras.Begin(rates: rates)]);
    }

    /// <summary>Trains a head of several layers: on features once computed, where it does not need maps.</summary>
    TrainingPhase OtherHead(TransferModel frozen, int epochs, bool augments, int passes, double rate)
    {
        ITrainable trained = frozen;
        IStepSource source, held;
        if (model.Head!.TakesMap || augments) (source, held) = (data.Training(shuffle: true, augments), data.Validation());
        else
        {
            (Features seen, Features unseen) = data.FrozenFeatures();
            trained = new HeadOnFeatures(model);
            source = new FeatureSource(seen, data.BatchSize, data.Repeated(seen.Labels, passes));
            held = new FeatureSource(unseen, EvaluationBatch);
        }
        ISchedule rates = optimisation.Rates(epochs, rise: 0.3);
        return Phase(
            HeadPhase, epochs, trained, source, held, new ParameterGrouping(model, config.WeightDecay).AtOneRate(rate), rates,
            state: extras.Begin(rates: rates));
    }

    TrainingPhase Phase(
        string name, int epochs, ITrainable trained, IStepSource source, IStepSource held, IEnumerable<ParameterGroup> groups,
        ISchedule rates, ISchedule? momentum = null, IReadOnlyList<IDisposable>? owned = null,
        IReadOnlyList<IStateful>? state = null)
    {
        GradScaler? scaler = data.Precision == DType.Float16 ? new() : null;
        return new()
        {
            Scaler = scaler,
            Name = name,
            Epochs = epochs,
            Model = trained,
            Source = source,
            Validation = held,
            Optimizer = optimisation.Optimizer(groups),
            RateSchedule = rates,
            MomentumSchedule = momentum,
            Loss = JobTask.Loss(optimisation.Loss(data.Kind), model.OutputScale),
            AccumulateSteps = config.Optimisation.AccumulateSteps,
            ClipNorm = config.Optimisation.GradientClipNorm,
            ClipValue = config.Optimisation.GradientClipValue,
            NonFiniteLimit = config.Optimisation.NonFiniteLimit,
            Owned = owned ?? [],
            State = [.. state ?? [], .. scaler is null ? [] : (IStateful[])[scaler]],
        };
    }
}
