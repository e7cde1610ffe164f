using Graft.Torch;

namespace Graft.Models;

/// <summary>A TorchScript module and what is done with its output.</summary>
sealed record ScriptConfig : ModelConfig
{
    /// <summary>The module, which the backbone then owns.</summary>
    public required ScriptModule Script { get; init; }

    /// <summary>How many numbers it gives for an image; for a map <c>[N, C, H, W]</c>, C.</summary>
    public required int Outputs { get; init; }

    /// <summary>Its last layer, whose place the head takes; empty where the head comes after the whole.</summary>
    public string HeadLayer { get; init; } = "";

    /// <summary>Whether its outputs are the logits: there is no head but its own.</summary>
    public bool OutputsAreLogits { get; init; }
}
