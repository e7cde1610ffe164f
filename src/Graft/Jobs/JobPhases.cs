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
/// <param name="extras">told what goes along with each phase</param>
abstract class JobPhases(
    JobConfig config, ImageModel model, JobData data, OptimisationPlan optimisation, LoraAdapters? lora, PhaseExtras extras)
{
    /// <summary>What the phase is called that trains the head alone.</summary>
    protected const string HeadPhase = "head";

    const string AllPhase = "all", AdapterPhase = "adapters";

    /// <summary>The settings.</summary>
    protected JobConfig Config => config;

    /// <summary>What is trained.</summary>
    protected ImageModel Model => model;

    /// <summary>How it is trained.</summary>
    protected OptimisationPlan Optimisation => optimisation;

    /// <summary>Told what goes along with each phase.</summary>
    protected PhaseExtras Extras => extras;

    /// <summary>The validation images' features, where a phase has computed them and the body is as it was.</summary>
    /// <value>null: there are none</value>
    public virtual IStepSource? HeldFeatures => null;

    /// <summary>The model with everything free that a phase will train.</summary>
    public TransferModel Widest => Transfer(FreeGroups, lora);

    /// <summary>Epochs of all phases.</summary>
    public int Epochs => Plan().Sum(phase => phase.Epochs);

    /// <summary>The phases.</summary>
    public IReadOnlyList<PhasePlan> Plan()
    {
        switch (config.Mode)
        {
            case TrainingMode.Probe: return [new PhasePlan(HeadPhase, config.Epochs, Probe)];
            case TrainingMode.FineTune:
                var whole = new PhasePlan(BodyName, config.Epochs, Body);
                return config.FreezeEpochs == 0 ? [whole]
                    : [new PhasePlan(FrozenName, config.FreezeEpochs, Frozen), whole];
            default: return [new PhasePlan(BodyName, config.Epochs, Body)];
        }
    }

    /// <summary>The phase that trains the most, for a look at its rates; the caller's to dispose.</summary>
    public TrainingPhase Main() => config.Mode == TrainingMode.Probe ? Probe() : Body();

    /// <summary>The head alone, all the time.</summary>
    protected abstract TrainingPhase Probe();

    /// <summary>The frozen epochs of fine-tuning.</summary>
    protected abstract TrainingPhase Frozen();

    /// <summary>What the frozen epochs train, for people.</summary>
    protected virtual string FrozenName => HeadPhase;

    /// <summary>The loss of outputs and targets.</summary>
    protected abstract Func<Tensor, Tensor, Tensor> Loss { get; }

    /// <summary>From a batch to its loss.</summary>
    protected virtual TrainingStep Step => TrainingSteps.Supervised;

    /// <summary>How many layer groups before the head are trained in the end.</summary>
    protected virtual int FreeGroups => config.Mode switch
    {
        TrainingMode.Probe => 0,
        TrainingMode.Partial => config.UnfreezeGroups,
        _ => int.MaxValue,
    };

    /// <summary>How many times slower than the head the deepest layers learn in fine-tuning.</summary>
    protected abstract double Spread { get; }

    /// <summary>Whether images are changed at random while the body is trained.</summary>
    protected virtual bool Augments => config.Augments;

    /// <summary>What the trainer trains of a model with some layers free.</summary>
    protected virtual ITrainable Trained(TransferModel transfer) => transfer;

    /// <summary>Paths of layers beside the head that start anew.</summary>
    /// <value>none</value>
    protected virtual IReadOnlyList<string> NewPaths => [];

    /// <summary>The model with its head and some groups before it free.</summary>
    protected TransferModel Transfer(int groups, LoraAdapters? adapters = null) =>
        new(model, groups, adapters) { Precision = data.Precision, NewPaths = NewPaths };

    string BodyName => lora is not null ? AdapterPhase
        : config.Mode == TrainingMode.Partial ? $"last {config.UnfreezeGroups} groups" : AllPhase;

    TrainingPhase Body()
    {
        bool finetunes = config.Mode == TrainingMode.FineTune;
        double rate = optimisation.HighestRate, spread = finetunes ? Spread : 1;
        // fastai's fine_tune halves the rate that it is given; one that was looked for in this very phase is the phase's own
        if (finetunes && config.Optimisation.FoundRate is null) rate /= 2;
        (double rise, double div) = finetunes ? (0.3, 5) : (0.25, 25);
        TransferModel transfer = Widest.Freeze(config.KeepsStatistics);
        ISchedule rates = optimisation.Rates(config.Epochs, rise, div);
        ExponentialMovingAverage? average = optimisation.Average();
        return Phase(
            BodyName, config.Epochs, Trained(transfer), data.Training(shuffle: true, Augments), data.Validation(),
            optimisation.Groups(rate, spread), rates, optimisation.Momentum(rise), owned: average is null ? [] : [average],
            state: extras.Begin(average, rates, config.Optimisation.GradualUnfreeze ? transfer : null));
    }

    /// <summary>A phase with what the settings say of every phase.</summary>
    protected TrainingPhase Phase(
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
            Loss = Loss,
            Step = Step,
            AccumulateSteps = config.Optimisation.AccumulateSteps,
            ClipNorm = config.Optimisation.GradientClipNorm,
            ClipValue = config.Optimisation.GradientClipValue,
            NonFiniteLimit = config.Optimisation.NonFiniteLimit,
            Owned = owned ?? [],
            State = [.. state ?? [], .. scaler is null ? [] : (IStateful[])[scaler]],
        };
    }
}
