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
/// <param name="fold">told which classifier stands in for the model's head</param>
sealed class JobPhases(JobConfig config, ImageModel model, JobData data, FoldHead fold)
{
    const string HeadPhase = "head", AllPhase = "all";
    const int EvaluationBatch = 256; // rows of features, not images
    const int FrozenPasses = 5; // over the features that a frozen epoch of fine-tuning has computed: they cost next to nothing

    Features? heldFeatures;

    /// <summary>The validation images' features, where a phase has computed them and the body is as it was.</summary>
    public IStepSource? HeldFeatures =>
        config.Mode == TrainingMode.Probe && heldFeatures is not null ? new FeatureSource(heldFeatures, EvaluationBatch) : null;

    /// <summary>The model with everything free that a phase will train.</summary>
    public TransferModel Widest => new(model, FreeGroups);

    /// <summary>Epochs of all phases.</summary>
    public int Epochs => Plan().Sum(phase => phase.Epochs);

    /// <summary>The phases.</summary>
    public IReadOnlyList<PhasePlan> Plan()
    {
        double rate = config.HighestRate;
        switch (config.Mode)
        {
            case TrainingMode.Probe:
                return [new PhasePlan(HeadPhase, config.Epochs, () => Head(config.Epochs, config.Augments, passes: 1))];
            case TrainingMode.FineTune: // fastai's fine_tune: the base rate is halved
                var whole = new PhasePlan(AllPhase, config.Epochs,
                    () => Body(AllPhase, rate / 2, config.LearningRateSpread, risingShare: 0.3, div: 5));
                return config.FreezeEpochs == 0 ? [whole]
                    : [
                        new PhasePlan(
                            HeadPhase, config.FreezeEpochs, () => Head(config.FreezeEpochs, augments: false, FrozenPasses)),
                        whole,
                    ];
            default:
                string name = config.Mode == TrainingMode.Partial ? $"last {config.UnfreezeGroups} groups" : AllPhase;
                return [new PhasePlan(name, config.Epochs, () => Body(name, rate))];
        }
    }

    /// <summary>How many layer groups are trained in the end.</summary>
    int FreeGroups => config.Mode switch
    {
        TrainingMode.Probe => 0,
        TrainingMode.Partial => config.UnfreezeGroups,
        _ => int.MaxValue,
    };

    TrainingPhase Body(string name, double rate, double spread = 1, double risingShare = 0.25, double div = 25)
    {
        TransferModel transfer = Widest.Freeze(config.KeepsStatistics);
        return Phase(
            name, config.Epochs, transfer, data.Training(shuffle: true, config.Augments), data.Validation(),
            transfer.ParameterGroups(rate, spread, config.WeightDecay), OneCycleSchedule.Rate(div, risingShare: risingShare),
            OneCycleSchedule.Momentum(risingShare: risingShare));
    }

    /// <summary>
    /// Trains the head on what the frozen body, in evaluation mode, makes of each image: computed once where images are not
    /// augmented.
    /// </summary>
    TrainingPhase Head(int epochs, bool augments, int passes)
    {
        double rate = config.LearningRate ?? JobConfig.DefaultLearningRate(TrainingMode.Probe);
        TransferModel frozen = new TransferModel(model, freeGroups: 0).Freeze(config.KeepsStatistics);
        if (!model.Head!.IsLinear) return OtherHead(frozen, epochs, augments, passes, rate);
        model.Evaluate();
        heldFeatures = data.Features(data.Validation());
        Features seen = data.Features(data.Training(shuffle: false, augments: false));
        (float[] mean, float[] deviation) = seen.Statistics();
        IStepSource source = augments
            ? new AugmentedFeatureSource(
                data.Training(shuffle: true, augments), model.Features, data.Device, mean, deviation)
            : new FeatureSource(seen.Standardise(mean, deviation), data.BatchSize, data.Repeated(seen.Count, passes));
        var head = new ProbeHead(data.Classes.Count, mean, deviation);
        fold.Head = head;
        return Phase(
            HeadPhase, epochs, head, source,
            new FeatureSource(heldFeatures.Clone().Standardise(mean, deviation), EvaluationBatch),
            [new ParameterGroup(HeadPhase, head.Parameters, rate, config.WeightDecay)],
            OneCycleSchedule.Rate(risingShare: 0.3), // at full rate, the first batches would decide too much
            owned: [head, fold.Until()], state: [new WeightMemory("head", () => head.Parameters)]);
    }

    /// <summary>Trains a head of several layers: on features once computed, where it does not need maps.</summary>
    TrainingPhase OtherHead(TransferModel frozen, int epochs, bool augments, int passes, double rate)
    {
        ITrainable trained = frozen;
        IStepSource source, held;
        if (model.Head!.TakesMap || augments) (source, held) = (data.Training(shuffle: true, augments), data.Validation());
        else
        {
            model.Evaluate();
            heldFeatures = data.Features(data.Validation());
            Features seen = data.Features(data.Training(shuffle: false, augments: false));
            trained = new HeadOnFeatures(model);
            source = new FeatureSource(seen, data.BatchSize, data.Repeated(seen.Count, passes));
            held = new FeatureSource(heldFeatures, EvaluationBatch);
        }
        return Phase(
            HeadPhase, epochs, trained, source, held, frozen.ParameterGroups(rate, spread: 1, config.WeightDecay),
            OneCycleSchedule.Rate(risingShare: 0.3));
    }

    TrainingPhase Phase(
        string name, int epochs, ITrainable trained, IStepSource source, IStepSource held, IEnumerable<ParameterGroup> groups,
        ISchedule rates, ISchedule? momentum = null, IReadOnlyList<IDisposable>? owned = null,
        IReadOnlyList<IStateful>? state = null) => new()
        {
            Name = name,
            Epochs = epochs,
            Model = trained,
            Source = source,
            Validation = held,
            Optimizer = new AdamW(groups, beta1: 0.9, beta2: 0.99, eps: 1e-5), // fastai's
            RateSchedule = rates,
            MomentumSchedule = momentum,
            Loss = (logits, labels) => logits.CrossEntropy(labels, labelSmoothing: config.LabelSmoothing),
            Owned = owned ?? [],
            State = state ?? [],
        };
}
