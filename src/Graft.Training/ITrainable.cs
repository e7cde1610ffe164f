using Graft.Torch;

namespace Graft.Training;

/// <summary>What a trainer trains: something that makes logits and can be told whether it is being trained.</summary>
public interface ITrainable
{
    /// <summary>Where it lives.</summary>
    Device Device { get; }

    /// <summary>Logits <c>[N, K]</c> of a batch's inputs.</summary>
    Tensor Forward(Tensor inputs);

    /// <summary>Everything it makes of a batch's inputs in training; by default the logits alone.</summary>
    ModelOutputs Run(Tensor inputs) => new(Forward(inputs));

    /// <summary>Enters training mode, as far as its frozen parts allow, or evaluation mode.</summary>
    void SetTraining(bool training);
}
