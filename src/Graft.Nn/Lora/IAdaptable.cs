namespace Graft.Nn;

/// <summary>A module with a weight beside which a low-rank adapter can stand.</summary>
interface IAdaptable
{
    /// <summary>Where the weight stands: <c>blocks.0.attn.qkv</c>.</summary>
    ModulePath WeightPath { get; }

    /// <summary>The weight, <c>[out, in]</c> or <c>[O, C, 1, 1]</c>; null where it is of a kind that takes no adapter.</summary>
    Parameter? AdaptableWeight { get; }

    /// <summary>The steps of a convolution; null for a linear layer.</summary>
    long[]? Stride { get; }

    /// <summary>The adapter; null for none.</summary>
    LoraAdapter? Adapter { get; set; }
}
