using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// In training, zeroes each element with a probability and scales the others up. Srivastava et al. 2014, JMLR 15:1929.
/// </summary>
public sealed class Dropout(ModulePath at, double probability = 0.5) : Module(at)
{
    /// <summary>The share of elements that become zero, in [0, 1].</summary>
    public double Probability { get; } = probability is >= 0 and <= 1 ? probability
        : throw new ArgumentOutOfRangeException(nameof(probability), $"expected a probability in [0, 1], came {probability}");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Dropout(Probability, IsTraining);
}
