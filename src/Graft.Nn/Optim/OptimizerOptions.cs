namespace Graft.Nn;

/// <summary>What may be said about an optimiser of <see cref="OptimizerList"/> besides its groups.</summary>
public sealed record OptimizerOptions
{
    /// <summary>The momentum: Adam's beta1.</summary>
    /// <value>null: 0.9</value>
    public double? Momentum { get; init; }

    /// <summary>The decay of the mean of squared gradients: Adam's and LAMB's beta2, RMSprop's alpha.</summary>
    /// <value>null: 0.99; LAMB 0.999, <c>rmsprop_tf</c> 0.9</value>
    public double? Beta2 { get; init; }

    /// <summary>Added to the root of the mean square.</summary>
    /// <value>null: 1e-5 for Adam and AdamW as fastai, 1e-8 for RMSprop, 1e-10 for <c>rmsprop_tf</c>, 1e-6 for LAMB</value>
    public double? Eps { get; init; }
}
