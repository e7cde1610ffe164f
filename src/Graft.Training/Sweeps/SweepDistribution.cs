namespace Graft.Training;

/// <summary>The distributions of numbers in W&amp;B's grammar.</summary>
public enum SweepDistribution
{
    /// <summary>Whole numbers from min to max, all as probable.</summary>
    IntUniform,

    /// <summary>Between min and max.</summary>
    Uniform,

    /// <summary>Uniform, rounded to multiples of q.</summary>
    QUniform,

    /// <summary>exp(min) to exp(max), uniform in the logarithm: min and max are exponents of e.</summary>
    LogUniform,

    /// <summary>min to max, uniform in the logarithm.</summary>
    LogUniformValues,

    /// <summary>Log-uniform, rounded to multiples of q; min and max are exponents of e.</summary>
    QLogUniform,

    /// <summary>Log-uniform from min to max, rounded to multiples of q.</summary>
    QLogUniformValues,

    /// <summary>1 / X where X is log-uniform; min and max are exponents of e, so values lie in exp(-max) to exp(-min).</summary>
    InvLogUniform,

    /// <summary>1 / X where X is log-uniform from 1 / max to 1 / min, so values lie in min to max.</summary>
    InvLogUniformValues,

    /// <summary>Normal with mean mu and standard deviation sigma.</summary>
    Normal,

    /// <summary>Normal, rounded to multiples of q.</summary>
    QNormal,

    /// <summary>Its natural logarithm is normal with mean mu and standard deviation sigma.</summary>
    LogNormal,

    /// <summary>Log-normal, rounded to multiples of q.</summary>
    QLogNormal,

    /// <summary>Beta with shapes a and b, between 0 and 1.</summary>
    Beta,

    /// <summary>Beta, rounded to multiples of q.</summary>
    QBeta,
}
