using Graft.Torch;

namespace Graft.Training;

/// <summary>What a step of training has to work with.</summary>
/// <param name="Phase">what is trained, by which loss</param>
/// <param name="Inputs">the batch's inputs, on the model's device</param>
/// <param name="Targets">what the outputs should be, on the model's device: see <see cref="StepBatch"/></param>
/// <param name="State">where the training stands</param>
public sealed record StepContext(TrainingPhase Phase, Tensor Inputs, Tensor Targets, TrainState State);
