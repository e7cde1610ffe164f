namespace Graft.Nn;

/// <summary>Every optimiser that can be chosen by name.</summary>
public static class OptimizerList
{
    /// <summary>The names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["adamw", "adam", "sgd", "rmsprop", "rmsprop_tf", "lamb"];

    /// <summary>Makes an optimiser.</summary>
    /// <param name="name">
    /// <c>adamw</c>: decoupled decay, betas 0.9 and 0.99, eps 1e-5, as fastai; <c>adam</c>: the same with decay as a penalty;
    /// <c>sgd</c>: with Nesterov's momentum, as timm's; <c>rmsprop</c>: PyTorch's, with momentum; <c>rmsprop_tf</c>: timm's, with
    /// which EfficientNets were trained; <c>lamb</c>: timm's
    /// </param>
    /// <param name="groups">parameters with their rates and decays</param>
    /// <param name="options">what differs from the defaults</param>
    /// <exception cref="ArgumentException">There is no optimiser of that name.</exception>
    public static Optimizer Make(string name, IEnumerable<ParameterGroup> groups, OptimizerOptions? options = null)
    {
        options ??= new OptimizerOptions();
        double momentum = options.Momentum ?? 0.9;
        return name switch
        {
            "adamw" => new AdamW(groups, momentum, options.Beta2 ?? 0.99, options.Eps ?? 1e-5),
            "adam" => new Adam(groups, momentum, options.Beta2 ?? 0.99, options.Eps ?? 1e-5),
            "sgd" => new Sgd(groups, momentum, nesterov: momentum > 0),
            "rmsprop" => new RmsProp(groups, options.Beta2 ?? 0.99, options.Eps ?? 1e-8, momentum),
            "rmsprop_tf" => new RmsProp(groups, options.Beta2 ?? 0.9, options.Eps ?? 1e-10, momentum, asTensorFlow: true),
            "lamb" => new Lamb(groups, momentum, options.Beta2 ?? 0.999, options.Eps ?? 1e-6),
            _ => throw new ArgumentException(Unknown(name), nameof(name)),
        };
    }

    /// <summary>Checks that there is an optimiser of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static void Check(string name)
    {
        if (!Names.Contains(name)) throw new ArgumentException(Unknown(name), nameof(name));
    }

    /// <summary>Whether one-cycle moves the momentum of that one (Adam's beta1): RMSprop's it leaves alone.</summary>
    public static bool CyclesMomentum(string name) => name is "adamw" or "adam" or "lamb" or "sgd";

    static string Unknown(string name) => $"optimizer: expected one of {string.Join(", ", Names)}, came '{name}'.";
}
