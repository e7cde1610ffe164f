namespace Graft.Models;

/// <summary>What a conversion wrote.</summary>
public sealed record Conversion
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Whose names and layout it has.</summary>
    public required Origin Target { get; init; }

    /// <summary>
    /// What the target calls the network: transformers' class, timm's or torchvision's architecture.
    /// </summary>
    public required string Architecture { get; init; }

    /// <summary>The files, the weights first.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>What is not quite the same in the target's network, in words; empty where it is the same.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
