using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Normalisation of each group of channels of each sample, <c>[N, C, H, W]</c>, with PyTorch's names and defaults: what small
/// batches cannot disturb. Wu and He 2018, arXiv:1803.08494.
/// </summary>
public sealed class GroupNorm : Module
{
    readonly Parameter weight, bias;
    readonly double eps;

    /// <summary>A group normalisation at that path.</summary>
    /// <param name="at">where its weights are saved</param>
    /// <param name="groups">a divisor of C</param>
    /// <param name="channels">C</param>
    /// <param name="eps">added to the variance: PyTorch's 1e-5</param>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public GroupNorm(ModulePath at, int groups, int channels, double eps = 1e-5) : base(at)
    {
        if (groups < 1 || channels % groups != 0)
            throw new ArgumentException($"expected groups that divide {channels} channels, came {groups}", nameof(groups));
        Groups = groups;
        this.eps = eps;
        weight = at.Weight("weight", channels);
        bias = at.Weight("bias", channels);
    }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        using Cast input = Precision.Full(x);
        return input.Value.GroupNorm(Groups, weight.Value, bias.Value, eps);
    }

    /// <summary>Weights 1, biases 0.</summary>
    public override void ResetParameters(Initializer init)
    {
        Initializer.Constant(weight, 1);
        Initializer.Constant(bias, 0);
    }
}
