using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// The phases of images that have labels or numbers as a whole: a head can be trained on features once computed.
/// </summary>
/// <param name="config">the settings</param>
/// <param name="model">what is trained</param>
/// <param name="data">its images</param>
/// <param name="optimisation">how it is trained</param>
/// <param name="lora">adapters that are trained in place of the layers; null for none</param>
/// <param name="fold">told which classifier stands in for the model's head</param>
/// <param name="extras">told what goes along with each phase</param>
sealed class LabelPhases(
    JobConfig config, ImageModel model, LabelData data, OptimisationPlan optimisation, LoraAdapters? lora, FoldHead fold,
    PhaseExtras extras) : JobPhases(config, model, data, optimisation, lora, extras)
{
    const int EvaluationBatch = 256; // rows of features, not images
    const int FrozenPasses = 5; // over the features that a frozen epoch of fine-tuning has computed: they cost next to nothing
    internal const double UsualSpread = 100; // as fastai's lr_mult

    readonly LabelData data = data;

    /// <inheritdoc/>
    public override IStepSource? HeldFeatures =>
        data.HeldFeatures is { } held ? new FeatureSource(held, EvaluationBatch) : null;

    /// <inheritdoc/>
    protected override double Spread => Config.LearningRateSpread ?? UsualSpread;

    /// <inheritdoc/>
    protected override Func<Tensor, Tensor, Tensor> Loss => JobTask.Loss(Optimisation.Loss(data.Kind), Model.OutputScale);

    /// <inheritdoc/>
    protected override TrainingPhase Probe() => Head(Config.Epochs, Config.Augments, passes: 1);

    /// <inheritdoc/>
    protected override TrainingPhase Frozen() => Head(Config.FreezeEpochs, augments: false, FrozenPasses);

    /// <summary>How long it all takes, by what images cost, and an epoch of the phase that trains the most.</summary>
    public (double Seconds, double PerEpoch) Time(StepCosts costs)
    {
        int training = data.TrainingSet.Count, validation = data.ValidationSet.Count, epochs = Config.Epochs;
        double read = (training + validation) * (costs.Read - costs.ReadAgain), // more, the first time
            look = costs.Forward + costs.ReadAgain, measuring = validation * look,
            features = training * look + measuring;
        bool isCheap = !(Model.Head!.TakesMap || Config.Augments);
        if (Config.Mode == TrainingMode.Probe)
            return isCheap ? (read + features, features / epochs)
                : (read + features + (epochs * training * look), training * look);
        double epoch = training * (costs.Step + costs.ReadAgain) + measuring;
        int frozen = Config.Mode == TrainingMode.FineTune ? Config.FreezeEpochs : 0;
        double head = frozen == 0 ? 0 : Model.Head.TakesMap ? frozen * features : features;
        return (read + head + epochs * epoch + measuring, epoch);
    }

    /// <summary>
    /// Trains the head on what the frozen body, in evaluation mode, makes of each image: computed once where images are not
    /// augmented.
    /// </summary>
    TrainingPhase Head(int epochs, bool augments, int passes)
    {
        double rate = Optimisation.HeadRate;
        TransferModel frozen = Transfer(groups: 0).Freeze(Config.KeepsStatistics);
        if (!Model.Head!.IsLinear) return OtherHead(frozen, epochs, augments, passes, rate);
        (Features seen, Features held) = data.FrozenFeatures();
        (float[] mean, float[] deviation) = seen.Statistics();
        IStepSource source = augments
            ? new AugmentedFeatureSource(
                data.Training(shuffle: true, augments), data.LowFeatures, data.Device, mean, deviation)
            : new FeatureSource(seen.Standardise(mean, deviation), data.BatchSize, data.Repeated(seen.Labels, passes));
        var head = new ProbeHead(data.Classes.Count, mean, deviation, scale: Model.OutputScale);
        fold.Head = head;
        ISchedule rates = Optimisation.Rates(epochs, rise: 0.3); // at full rate, the first batches would decide too much
        return Phase(
            HeadPhase, epochs, head, source,
            new FeatureSource(held.Clone().Standardise(mean, deviation), EvaluationBatch),
            [new ParameterGroup(HeadPhase, head.Parameters, rate, Config.WeightDecay)],
            rates, owned: [head, fold.Until()],
            state: [new WeightMemory("head", () => head.Parameters), .. Extras.Begin(rates: rates)]);
    }

    /// <summary>Trains a head of several layers: on features once computed, where it does not need maps.</summary>
    TrainingPhase OtherHead(TransferModel frozen, int epochs, bool augments, int passes, double rate)
    {
        ITrainable trained = frozen;
        IStepSource source, held;
        if (Model.Head!.TakesMap || augments) (source, held) = (data.Training(shuffle: true, augments), data.Validation());
        else
        {
            (Features seen, Features unseen) = data.FrozenFeatures();
            trained = new HeadOnFeatures(Model);
            source = new FeatureSource(seen, data.BatchSize, data.Repeated(seen.Labels, passes));
            held = new FeatureSource(unseen, EvaluationBatch);
        }
        ISchedule rates = Optimisation.Rates(epochs, rise: 0.3);
        return Phase(
            HeadPhase, epochs, trained, source, held, new ParameterGrouping(Model, Config.WeightDecay).AtOneRate(rate), rates,
            state: Extras.Begin(rates: rates));
    }
}
