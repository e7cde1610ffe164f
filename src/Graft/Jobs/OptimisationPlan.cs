using Graft.Data;
using Graft.Models;
using Graft.Nn;
using Graft.Training;

namespace Graft;

/// <summary>What a job's <see cref="OptimisationSettings"/> come to for its model and its images.</summary>
/// <param name="config">the settings</param>
/// <param name="model">what is trained</param>
/// <param name="balance">what is done about small classes</param>
sealed class OptimisationPlan(JobConfig config, ImageModel model, ClassBalance balance)
{
    readonly OptimisationSettings its = config.Optimisation;

    /// <summary>What is done about small classes.</summary>
    public ClassBalance Balance => balance;

    /// <summary>The highest rate of the phases that train the body, or of a probe.</summary>
    public double HighestRate => its.FoundRate ?? config.HighestRate;

    /// <summary>The highest rate of the head while the body is frozen.</summary>
    public double HeadRate => config.Mode == TrainingMode.Probe ? HighestRate
        : config.LearningRate ?? JobConfig.DefaultLearningRate(TrainingMode.Probe) * its.RateFactor;

    /// <summary>
    /// What is trained now, in groups: by depth where there is a layer decay, else by layer groups.
    /// </summary>
    /// <param name="rate">the head's rate</param>
    /// <param name="spread">how many times slower the deepest group learns</param>
    public IReadOnlyList<ParameterGroup> Groups(double rate, double spread)
    {
        var grouping = new ParameterGrouping(model, config.WeightDecay);
        IReadOnlyList<ParameterGroup> groups = its.LayerDecay is { } decay ? grouping.ByDepth(rate, decay)
            : grouping.ByLayerGroups(rate, config.Lora.IsOn ? 1 : spread); // adapters all start from nothing
        double factor = config.Segmentation.AuxiliaryRate;
        return factor == 1 || !model.HasAuxiliary ? groups : [.. groups.SelectMany(group => Faster(group, factor))];
    }

    /// <summary>A group as it is, and apart from it what of it is the auxiliary head's, at another rate.</summary>
    IEnumerable<ParameterGroup> Faster(ParameterGroup group, double factor)
    {
        Parameter[] auxiliary = [.. group.Parameters.Where(parameter => model.IsOfAuxiliary(parameter.Name))];
        if (auxiliary.Length == 0) return [group];
        Parameter[] others = [.. group.Parameters.Except(auxiliary)];
        var faster = new ParameterGroup($"{group.Name} auxiliary", auxiliary, group.LearningRate * factor, group.WeightDecay);
        return others.Length == 0 ? [faster]
            : [new ParameterGroup(group.Name, others, group.LearningRate, group.WeightDecay), faster];
    }

    /// <summary>The optimiser of those groups.</summary>
    public Optimizer Optimizer(IEnumerable<ParameterGroup> groups) => OptimizerList.Make(
        its.Optimizer, groups, new OptimizerOptions { Momentum = its.Momentum, Beta2 = its.Beta2, Eps = its.Eps });

    /// <summary>The factor on the rates over a phase.</summary>
    /// <param name="epochs">its length</param>
    /// <param name="rise">one-cycle's share before the turn, unless another was asked for</param>
    /// <param name="div">what one-cycle starts below its height by, unless another was asked for</param>
    public ISchedule Rates(int epochs, double rise = 0.25, double div = 25) =>
        Schedule(rise, div).Rate(epochs, its.WarmupEpochs is { } warmup ? Math.Min(warmup, epochs) : null);

    /// <summary>The momentum over a phase; null: the optimiser's own.</summary>
    public ISchedule? Momentum(double rise = 0.25) =>
        its.Momentum is null && OptimizerList.CyclesMomentum(its.Optimizer) ? Schedule(rise, 25).Momentum() : null;

    /// <summary>The loss for such labels.</summary>
    /// <exception cref="ArgumentException">The loss that was asked for is not for these.</exception>
    public ILoss Loss(LabelKind kind)
    {
        string usual = kind switch
        {
            LabelKind.Multiple => "bce",
            LabelKind.Number => "mse",
            _ => "crossentropy",
        };
        string name = its.Loss == "auto" ? usual : its.Loss;
        if (LossList.IsForNumbers(name) != (kind == LabelKind.Number))
            throw new ArgumentException($"loss {name}: expected one for " +
                (kind == LabelKind.Number ? "numbers: mse, l1, huber." : "classes: crossentropy, bce, focal."));
        return LossList.Make(name, new LossOptions
        {
            ClassWeights = balance.Weights,
            LabelSmoothing = config.LabelSmoothing,
            FocalGamma = its.FocalGamma,
            Several = kind == LabelKind.Multiple,
            Masks = kind == LabelKind.Mask,
        });
    }

    /// <summary>The running mean of what is trained now; null for none.</summary>
    public ExponentialMovingAverage? Average() =>
        its.EmaDecay is { } decay ? new ExponentialMovingAverage(model.Parameters.All, decay) : null;

    ScheduleChoice Schedule(double rise, double div) => ScheduleList.Parse(its.Schedule).Or("rise", rise).Or("div", div);
}
