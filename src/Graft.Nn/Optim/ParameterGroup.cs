namespace Graft.Nn;

/// <summary>Parameters that share a learning rate and a weight decay.</summary>
public sealed class ParameterGroup
{
    /// <summary>A group of parameters, each of which must be trained (<see cref="Parameter.RequiresGrad"/>).</summary>
    /// <param name="name">what logs and checkpoints call it</param>
    /// <param name="parameters">its parameters</param>
    /// <param name="learningRate">the rate, until a schedule sets another</param>
    /// <param name="weightDecay">the decay; what it means is the optimiser's to say</param>
    /// <exception cref="ArgumentException">A parameter is frozen or a buffer, or a number is negative or none.</exception>
    public ParameterGroup(string name, IEnumerable<Parameter> parameters, double learningRate, double weightDecay = 0)
    {
        Name = name;
        Parameters = [.. parameters];
        LearningRate = learningRate;
        WeightDecay = weightDecay;
        foreach (Parameter parameter in Parameters)
            if (!parameter.RequiresGrad)
                throw new ArgumentException(
                    $"{parameter.Name}: expected a trained parameter in group '{name}', came " +
                    $"{(parameter.IsBuffer ? "a buffer" : "a frozen one")}. Leave it out, or set RequiresGrad first.",
                    nameof(parameters));
    }

    /// <summary>What logs and checkpoints call it.</summary>
    public string Name { get; }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The rate of the next step; schedules set it between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    public double LearningRate
    {
        get;
        set => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"group '{Name}': expected a rate >= 0, came {value}");
    }

    /// <summary>The decay of the next step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or no number.</exception>
    public double WeightDecay
    {
        get;
        set => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"group '{Name}': expected a decay >= 0, came {value}");
    }

    /// <summary>Name and size.</summary>
    public override string ToString() => $"{Name}: {Parameters.Count} parameters, rate {LearningRate:g3}, decay {WeightDecay:g3}";
}
