using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// A learned factor for each channel of a residual branch, small at first. Touvron et al. 2021 (CaiT), arXiv:2103.17239.
/// </summary>
public sealed class LayerScale : Module
{
    readonly Parameter factors;
    readonly bool channelsFirst;
    readonly double initial;

    /// <summary>Factors at that path.</summary>
    /// <param name="at">where its weight is saved</param>
    /// <param name="channels">C</param>
    /// <param name="initial">every factor's first value</param>
    /// <param name="channelsFirst">whether the input is <c>[N, C, H, W]</c>; else <c>[..., C]</c></param>
    /// <param name="name">the weight's name below the path: timm's <c>gamma</c></param>
    public LayerScale(
        ModulePath at, int channels, double initial = 1e-6, bool channelsFirst = false, string name = "gamma") : base(at)
    {
        this.initial = initial;
        this.channelsFirst = channelsFirst;
        factors = at.Weight(name, channels);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (!channelsFirst) return x * factors.Value;
        using Tensor columns = factors.Value.Reshape(-1, 1, 1); // [C, 1, 1]
        return x * columns;
    }

    /// <summary>All factors at their first value.</summary>
    public override void ResetParameters(Initializer init) => Initializer.Constant(factors, initial);
}
