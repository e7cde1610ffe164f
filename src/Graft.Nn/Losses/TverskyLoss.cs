using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// Dice's loss with a weight of its own for each kind of mistake: 1 - (T + s) / (T + alpha F + beta M + s) for each class, of
/// which T is the softmax probability on its pixels, F that on others (false positives), M what its pixels lack (false
/// negatives); the mean over the classes that occur in the batch. Salehi et al. 2017, arXiv:1706.05721. Alpha = beta = 1/2 is
/// Dice with half the smoothing, 1 and 1 the Jaccard index. Shapes and ignored pixels as in <see cref="DiceLoss"/>.
/// </summary>
public sealed class TverskyLoss : ILoss
{
    /// <summary>How much false positives count.</summary>
    /// <value>0.3, as the paper found best</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double Alpha
    {
        get;
        init => field = Checked(value, "alpha");
    } = 0.3;

    /// <summary>How much false negatives count.</summary>
    /// <value>0.7, as the paper found best</value>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public double Beta
    {
        get;
        init => field = Checked(value, "beta");
    } = 0.7;

    /// <summary>What is added above and below.</summary>
    /// <value>1</value>
    public double Smooth { get; init; } = 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shapes do not go together, or a target is no class.</exception>
    public Tensor Compute(Tensor logits, Tensor targets)
    {
        using var scope = new TensorScope();
        RegionOverlap overlap = RegionOverlap.Of(logits, targets);
        Tensor right = overlap.Right, excess = overlap.Predicted - right, lack = overlap.Actual - right; // [K] each
        Tensor index = (right + Smooth) / (right + Alpha * excess + Beta * lack + Smooth);
        return scope.Keep(overlap.MeanOfPresent(-index + 1));
    }

    static double Checked(double value, string name) => value >= 0 ? value
        : throw new ArgumentOutOfRangeException(nameof(value), $"tversky {name}: expected a number >= 0, came {value}");
}
