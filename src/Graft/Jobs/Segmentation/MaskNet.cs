using Graft.Models;
using Graft.Nn;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>A segmentation network in training: the logits of every pixel, and those of its auxiliary head.</summary>
/// <param name="model">the network</param>
/// <param name="transfer">which of its layers are trained</param>
sealed class MaskNet(ImageModel model, TransferModel transfer) : ITrainable
{
    /// <summary>The name of the auxiliary logits among the outputs.</summary>
    public const string Auxiliary = "auxiliary";

    /// <inheritdoc/>
    public Device Device => transfer.Device;

    /// <summary>Logits <c>[N, K, h, w]</c> at the network's own resolution, to be measured.</summary>
    public Tensor Forward(Tensor inputs) => model.Forward(inputs);

    /// <summary>Logits <c>[N, K, H, W]</c> at the size of the images, in float32.</summary>
    public ModelOutputs Run(Tensor inputs)
    {
        using PrecisionScope scope = Nn.Precision.Use(transfer.Precision);
        (Tensor own, Tensor? auxiliary) = model.Segment(inputs);
        Tensor logits = AtSize(own);
        return new ModelOutputs(logits, auxiliary is null ? null : new Dictionary<string, Tensor>
        {
            [Auxiliary] = AtSize(auxiliary),
        });

        Tensor AtSize(Tensor of) => MaskScoring.AtSize(of, inputs.Size(2), inputs.Size(3));
    }

    /// <inheritdoc/>
    public void SetTraining(bool training) => transfer.SetTraining(training);
}
