using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>A stretch of training in which the same parameters are trained by the same rule.</summary>
public sealed class TrainingPhase : IDisposable
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

    /// <summary>The mean loss of a batch from logits <c>[N, K]</c> and <see cref="StepBatch"/>.</summary>
    /// <value>cross-entropy</value>
    public Func<Tensor, Tensor, Tensor> Loss { get; init; } = UsualLoss;

    internal static Tensor UsualLoss(Tensor logits, Tensor targets) => logits.CrossEntropy(targets);

    /// <summary>From a batch to its loss.</summary>
    /// <value><see cref="TrainingSteps.Supervised"/></value>
    public TrainingStep Step { get; init; } = TrainingSteps.Supervised;

    /// <summary>Batches whose gradients are added up for one step of the optimiser; its gradient is their mean.</summary>
    /// <value>1</value>
    public int AccumulateSteps { get; init; } = 1;

    /// <summary>The greatest norm of all gradients together; longer ones are shortened to it. Pascanu et al. 2012.</summary>
    /// <value>null: any</value>
    public double? ClipNorm { get; init; }

    /// <summary>The greatest magnitude of a single gradient's element; greater ones are cut to it.</summary>
    /// <value>null: any</value>
    public double? ClipValue { get; init; }

    /// <summary>Scales losses up for float16's gradients; its memory belongs into <see cref="State"/>.</summary>
    /// <value>null: losses as they are</value>
    public GradScaler? Scaler { get; init; }

    /// <summary>Batches in a row whose loss or gradients are no numbers, after which training gives up.</summary>
    /// <value><see cref="Trainer.NonFiniteLimit"/></value>
    public int NonFiniteLimit { get; init; } = Trainer.NonFiniteLimit;

    /// <summary>What else belongs into a checkpoint while the phase runs, beside the optimiser.</summary>
    /// <value>nothing</value>
    public IReadOnlyList<IStateful> State { get; init; } = [];

    /// <summary>Disposed at the end of the phase, after the optimiser.</summary>
    /// <value>nothing</value>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    /// <summary>Batches of the whole phase.</summary>
    public int Steps => Math.Max(1, Epochs * Source.BatchCount);

    /// <summary>Sets rates and momentum for a batch of an epoch, both from 0, and gives the highest rate.</summary>
    internal double SetRates(int epoch, int batch, double scale)
    {
        int step = Math.Min(epoch * Source.BatchCount + batch, Steps - 1);
        double progress = (double)step / Steps, highest = 0;
        ownRates ??= [.. Optimizer.Groups.Select(group => group.LearningRate)];
        for (int i = 0; i < ownRates.Length; i++)
        {
            ParameterGroup group = Optimizer.Groups[i];
            group.LearningRate = ownRates[i] * RateSchedule.At(progress) * scale;
            highest = Math.Max(highest, group.LearningRate);
        }
        if (MomentumSchedule is not null) Optimizer.Momentum = MomentumSchedule.At(progress);
        return highest;
    }

    /// <summary>Frees the optimiser's state and what the phase owns; what is trained stays.</summary>
    public void Dispose()
    {
        Optimizer.Dispose();
        foreach (IDisposable item in Owned) item.Dispose();
    }
}
