using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>
/// A running mean of the trained weights, which is measured and kept in their place: after each step, mean = decay * mean +
/// (1 - decay) * weight. Polyak and Juditsky 1992, doi:10.1137/0330046; arithmetic and default as timm's ModelEmaV2, with buffers
/// as they are (its <c>exclude_buffers</c>): statistics of batch norms are a running mean already.
/// </summary>
public sealed class ExponentialMovingAverage : ICallback, IStateful, IEvaluationWeights, IDisposable
{
    const long CpuBlockElements = 1 << 18; // mean and weights of a block stay in the cache between both passes

    readonly Parameter[] parameters;
    readonly Tensor[] means;

    /// <summary>A mean that starts from the weights as they are.</summary>
    /// <param name="parameters">what is trained; buffers and frozen weights among it are left out</param>
    /// <param name="decay">the share of the mean that stays: timm's 0.9998</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not in [0, 1).</exception>
    public ExponentialMovingAverage(IEnumerable<Parameter> parameters, double decay = 0.9998)
    {
        if (decay is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), $"EMA decay: expected a number in [0, 1), came {decay}");
        Decay = decay;
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        this.parameters = [.. parameters.Where(parameter => parameter.RequiresGrad)];
        means = [.. this.parameters.Select(parameter => parameter.Value.Detach().Clone().LeaveScope())];
    }

    /// <summary>The share of the mean that stays.</summary>
    public double Decay { get; }

    /// <summary>
    /// Whether the decay after n steps is at most (1 + n) / (10 + n), as TensorFlow's, so that the mean soon leaves the first
    /// weights.
    /// </summary>
    /// <value>true</value>
    public bool WarmsUp { get; init; } = true;

    /// <summary>Steps that it has seen.</summary>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public string Key => "ema";

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        trainer.EvaluationWeights = this;
        trainer.On(TrainingEvent.StepCompleted, _ => Update());
    }

    /// <summary>Takes in the weights as they are after a step.</summary>
    public void Update()
    {
        double decay = WarmsUp ? Math.Min(Decay, (1.0 + Steps) / (10.0 + Steps)) : Decay;
        Steps++;
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        for (int from = 0; from < means.Length;)
        {
            int to = from + 1;
            Device device = means[from].Device;
            for (long elements = means[from].ElementCount; to < means.Length && means[to].Device == device; to++)
                if ((elements += means[to].ElementCount) > CpuBlockElements && device.IsCpu) break;
            Tensor[] block = means[from..to];
            Foreach.Mul_(block, decay);
            Foreach.Add_(block, [.. parameters[from..to].Select(parameter => parameter.Value)], 1 - decay);
            from = to;
        }
    }

    /// <summary>The mean of a parameter, or null where it has none.</summary>
    public Tensor? MeanOf(Parameter parameter) => Array.IndexOf(parameters, parameter) is >= 0 and var at ? means[at] : null;

    /// <inheritdoc/>
    public IDisposable Use()
    {
        var own = new WeightSnapshot(parameters);
        using GradMode mode = Autograd.NoGrad();
        for (int i = 0; i < means.Length; i++) parameters[i].Value.Copy_(means[i]);
        return new Return(own);
    }

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        to.Write("steps", Steps);
        for (int i = 0; i < means.Length; i++) to.Write(parameters[i].Name, means[i]);
    }

    /// <inheritdoc/>
    public void Load(StateReader from)
    {
        Steps = from.Long("steps");
        using GradMode mode = Autograd.NoGrad();
        for (int i = 0; i < means.Length; i++)
        {
            using Tensor found = from.Tensor(parameters[i].Name);
            if (!found.Shape.AsSpan().SequenceEqual(means[i].Shape))
                throw new InvalidDataException(
                    $"checkpoint: ema/{parameters[i].Name}: expected [{string.Join(", ", means[i].Shape)}], found " +
                    $"[{string.Join(", ", found.Shape)}]. It is of another model.");
            means[i].Copy_(found);
        }
    }

    /// <summary>Frees the mean.</summary>
    public void Dispose()
    {
        foreach (Tensor mean in means) mean.Dispose();
    }

    sealed class Return(WeightSnapshot own) : IDisposable
    {
        public void Dispose()
        {
            own.Restore();
            own.Dispose();
        }
    }
}
