namespace Graft.Nn;

/// <summary>What a summary says of a layer.</summary>
public enum SummaryColumn
{
    /// <summary>The shape of what it gets.</summary>
    InputSize,

    /// <summary>The shape of what it gives.</summary>
    OutputSize,

    /// <summary>How many weights it has.</summary>
    Parameters,

    /// <summary>Their share of the model's.</summary>
    ParameterShare,

    /// <summary>The sides of its window.</summary>
    KernelSize,

    /// <summary>Its multiplications and additions.</summary>
    MultAdds,

    /// <summary>Whether its weights are trained.</summary>
    Trainable,
}
