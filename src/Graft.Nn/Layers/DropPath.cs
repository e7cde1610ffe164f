using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// In training, drops the whole residual branch of some samples of the batch and scales the others up: stochastic depth, by row
/// as timm and torchvision's mode "row". Huang et al. 2016, arXiv:1603.09382.
/// </summary>
public sealed class DropPath(ModulePath at, double probability) : Module(at)
{
    /// <summary>The share of samples whose branch is dropped, in [0, 1].</summary>
    public double Probability { get; } = probability is >= 0 and <= 1 ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), $"expected a probability in [0, 1], came {probability}");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (!IsTraining || Probability == 0) return x;
        long[] rows = new long[x.Rank];
        Array.Fill(rows, 1);
        rows[0] = x.Size(0);
        double kept = 1 - Probability;
        using Tensor noise = Tensor.Empty(rows, x.DType, x.Device).Bernoulli_(kept); // [N, 1, ...]
        if (Precision.IsNarrow(x)) // 1 / kept would be rounded
        {
            Tensor left = x * noise;
            return kept > 0 ? left.Mul_(1 / kept) : left;
        }
        if (kept > 0) noise.Mul_(1 / kept);
        return x * noise;
    }
}
