using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>A map <c>[N, C, H, W]</c>, or tokens <c>[N, T, C]</c>, to one vector <c>[N, C]</c>.</summary>
sealed class FeaturePool : Module
{
    const double StartingPower = 3, SmallestValue = 1e-6; // the paper's code
    static readonly long[] spatial = [2, 3], tokens = [1];
    readonly Parameter? power;

    public FeaturePool(ModulePath at, PoolKind kind) : base(at)
    {
        if (kind == PoolKind.Gem) power = at.Weight("p", 1);
        Pooling = kind;
    }

    /// <summary>How it pools; the origin's own way is set when it is first known.</summary>
    public PoolKind Pooling { get; set; }

    /// <summary>How many tokens come before those of the patches.</summary>
    public int PrefixTokens { get; set; }

    public override string Kind => Pooling == PoolKind.Max ? "AdaptiveMaxPool2d" : "AdaptiveAvgPool2d";

    /// <summary>p starts at 3.</summary>
    public override void ResetParameters(Initializer init)
    {
        if (power is not null) Initializer.Constant(power, (float)StartingPower);
    }

    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Full(x);
        return Pool(input.Value);
    }

    Tensor Pool(Tensor x)
    {
        if (x.Rank == 4) return Pool(x, spatial);
        if (Pooling == PoolKind.Token) return x.Select(1, 0); // [N, C]
        if (PrefixTokens == 0) return Pool(x, tokens);
        using Tensor patches = x.Slice(1, PrefixTokens, x.Size(1)); // [N, T - P, C]
        return Pool(patches, tokens);
    }

    Tensor Pool(Tensor x, long[] over)
    {
        if (Pooling == PoolKind.Gem) return GeneralisedMean(x, over);
        return Pooling == PoolKind.Max ? x.Amax(over) : x.Mean(over);
    }

    Tensor GeneralisedMean(Tensor x, long[] over)
    {
        using Tensor positive = x.Clamp(min: SmallestValue);
        using Tensor powers = positive.Pow(power!.Value);
        using Tensor mean = powers.Mean(over); // [N, C]
        using Tensor inverse = power.Value.Reciprocal();
        return mean.Pow(inverse);
    }
}
