using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>One block of a mobile network, with every size decided.</summary>
public sealed record MobileBlock
{
    /// <summary>Which layers it has.</summary>
    public required MobileBlockKind Kind { get; init; }

    /// <summary>Both sides of its one window that is larger than 1.</summary>
    /// <value>3</value>
    public int Kernel { get; init; } = 3;

    /// <summary>Both steps of that window.</summary>
    /// <value>1</value>
    public int Stride { get; init; } = 1;

    /// <summary>Channels within: of the depthwise convolution, or of the fused one. Plain blocks have none.</summary>
    /// <value>0</value>
    public int Wide { get; init; }

    /// <summary>Channels of its output.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels in the middle of its squeeze-and-excitation; 0 for none.</summary>
    /// <value>0</value>
    public int Squeezed { get; init; }

    /// <summary>The activation after each layer but the last; plain blocks have it after their only one.</summary>
    /// <value>SiLU</value>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>Whether the input is added to the output, which must have its shape.</summary>
    /// <value>false</value>
    public bool Residual { get; init; }

    /// <summary>Where the zeros around the window go.</summary>
    /// <value><see cref="BorderKind.Symmetric"/></value>
    public BorderKind Border { get; init; }
}
