using Graft.Torch;

namespace Graft.Nn;

/// <summary>What training makes small.</summary>
public interface ILoss
{
    /// <summary>The loss of a batch: a scalar, unless the loss was told not to reduce.</summary>
    /// <param name="logits">the model's raw output</param>
    /// <param name="targets">what it should have been, in the loss's own form</param>
    Tensor Compute(Tensor logits, Tensor targets);
}
