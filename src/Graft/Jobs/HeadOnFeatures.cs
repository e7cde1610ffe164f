using Graft.Models;
using Graft.Torch;
using Graft.Training;

namespace Graft;

/// <summary>A model's own head, trained on features <c>[N, D]</c> that its frozen body has given once.</summary>
sealed class HeadOnFeatures(ImageModel model) : ITrainable
{
    /// <inheritdoc/>
    public Device Device => model.Parameters.Device;

    /// <inheritdoc/>
    public Tensor Forward(Tensor inputs) => model.Classify(inputs);

    /// <inheritdoc/>
    public void SetTraining(bool training)
    {
        model.Evaluate();
        foreach (string path in model.HeadPaths) model.Parameters.SetMode(path, training);
    }
}
