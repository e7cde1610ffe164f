using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>A line of a paper's table: equal blocks, before they are scaled.</summary>
/// <param name="Kind">which layers they have</param>
/// <param name="Blocks">how many there are</param>
/// <param name="Kernel">the window</param>
/// <param name="Stride">the first one's step where the line starts a stage; all others step by 1</param>
/// <param name="Expansion">channels within over channels in</param>
/// <param name="Channels">channels out</param>
/// <param name="Squeeze">channels in the squeeze-and-excitation, as a share; 0 for none</param>
sealed record MobileStage(
    MobileBlockKind Kind, int Blocks, int Kernel, int Stride, double Expansion, int Channels, double Squeeze = 0)
{
    /// <summary>The activation; null for the network's.</summary>
    public ActivationKind? Activation { get; init; }

    /// <summary>Whether the input is added where it has the output's shape.</summary>
    /// <value>true</value>
    public bool Skip { get; init; } = true;

    /// <summary>What the first block's expansion counts from instead of its input; 0 for the input.</summary>
    /// <value>0</value>
    public int ExpandFrom { get; init; }
}
