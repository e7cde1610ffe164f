using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>
/// The phases of training on masks. Nothing is computed beforehand: every epoch draws other crops. Fine-tuning begins with
/// everything but the backbone; a probe trains the last layers, and a decoder that is new.
/// </summary>
/// <param name="config">the settings</param>
/// <param name="model">what is trained</param>
/// <param name="data">its images</param>
/// <param name="optimisation">how it is trained</param>
/// <param name="lora">adapters that are trained in place of the layers; null for none</param>
/// <param name="extras">told what goes along with each phase</param>
/// <param name="newPaths">paths of a decoder that starts anew; none where it is pretrained</param>
sealed class MaskPhases(
    JobConfig config, ImageModel model, MaskData data, OptimisationPlan optimisation, LoraAdapters? lora, PhaseExtras extras,
    IReadOnlyList<string> newPaths)
    : JobPhases(config, model, data, optimisation, lora, extras)
{
    /// <summary>How many times slower than the head the deepest layers learn.</summary>
    internal const double UsualSpread = 10;

    readonly MaskData data = data;

    /// <inheritdoc/>
    protected override double Spread => Config.LearningRateSpread ?? UsualSpread;

    /// <inheritdoc/>
    protected override bool Augments => Config.Augment ?? true;

    /// <inheritdoc/>
    protected override Func<Tensor, Tensor, Tensor> Loss => Optimisation.Loss(data.Kind).Compute;

    /// <inheritdoc/>
    protected override TrainingStep Step => Model.HasAuxiliary
        ? TrainingSteps.WithAuxiliary(Config.Segmentation.AuxiliaryWeight, MaskNet.Auxiliary) : TrainingSteps.Supervised;

    /// <inheritdoc/>
    protected override int FreeGroups => Config.Mode switch
    {
        TrainingMode.Probe => newPaths.Count > 0 ? DecoderGroups : 0,
        TrainingMode.Partial => Config.UnfreezeGroups,
        _ => int.MaxValue,
    };

    /// <inheritdoc/>
    protected override IReadOnlyList<string> NewPaths => newPaths;

    /// <inheritdoc/>
    protected override string FrozenName => DecoderGroups > 0 ? "decoder" : HeadPhase;

    /// <inheritdoc/>
    protected override ITrainable Trained(TransferModel transfer) => new MaskNet(Model, transfer);

    /// <inheritdoc/>
    protected override TrainingPhase Probe() => Part(HeadPhase, Config.Epochs, FreeGroups);

    /// <inheritdoc/>
    protected override TrainingPhase Frozen() => Part(FrozenName, Config.FreezeEpochs, DecoderGroups);

    /// <summary>Layer groups between the backbone and the head.</summary>
    int DecoderGroups => Model.LayerGroups.SkipLast(1).Count(group => group.Paths.All(IsOfDecoder));

    bool IsOfDecoder(string path) => Model.DecoderPaths.Any(place => ModulePath.IsWithin(path, place));

    /// <summary>The head and the last layer groups before it, all at the head's rate, with the backbone frozen.</summary>
    TrainingPhase Part(string name, int epochs, int groups)
    {
        TransferModel transfer = Transfer(groups).Freeze(Config.KeepsStatistics);
        ISchedule rates = Optimisation.Rates(epochs, rise: 0.3);
        return Phase(
            name, epochs, Trained(transfer), data.Training(shuffle: true, Augments), data.Validation(),
            Optimisation.Groups(Optimisation.HeadRate, spread: 1), rates, state: Extras.Begin(rates: rates));
    }
}
