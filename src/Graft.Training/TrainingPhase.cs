using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>A stretch of training in which the same parameters are trained by the same rule.</summary>
public sealed class TrainingPhase
{
    double[]? ownRates;

    /// <summary>What is trained, for people: <c>head</c>, <c>all</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Passes over the source.</summary>
    public required int Epochs { get; init; }

    /// <summary>What makes the logits.</summary>
    public required ITrainable Model { get; init; }

    /// <summary>The samples to train on.</summary>
    public required IStepSource Source { get; init; }

    /// <summary>The samples that epochs are compared on.</summary>
    public required IStepSource Validation { get; init; }

    /// <summary>Has the trainable parameters, and only these.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>The factor on each parameter group's own rate, step by step.</summary>
    /// <value>1 throughout</value>
    public ISchedule RateSchedule { get; init; } = new ConstantSchedule();

    /// <summary>The momentum (Adam's beta1), step by step.</summary>
    /// <value>null: the optimiser's own</value>
    public ISchedule? MomentumSchedule { get; init; }

    /// <summary>The mean loss of a batch from logits <c>[N, K]</c> and labels int64 <c>[N]</c>.</summary>
    /// <value>cross-entropy</value>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = (logits, labels) => logits.CrossEntropy(labels);

    /// <summary>Steps of the whole phase.</summary>
    public int Steps => Math.Max(1, Epochs * Source.BatchCount);

    /// <summary>Sets rates and momentum for a step (from 0), and gives the highest rate.</summary>
    internal double SetRates(int step)
    {
        double progress = (double)step / Steps, highest = 0;
        ownRates ??= [.. Optimizer.Groups.Select(group => group.LearningRate)];
        for (int i = 0; i < ownRates.Length; i++)
        {
            ParameterGroup group = Optimizer.Groups[i];
            group.LearningRate = ownRates[i] * RateSchedule.At(progress);
            highest = Math.Max(highest, group.LearningRate);
        }
        if (MomentumSchedule is not null) Optimizer.Momentum = MomentumSchedule.At(progress);
        return highest;
    }
}
