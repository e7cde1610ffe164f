using Graft.Models;
using Graft.Training;

namespace Graft;

/// <summary>Writes the classifier that is trained on standardised features into the model's own head after each epoch.</summary>
sealed class FoldHead(ImageModel model) : ITrainingCallback
{
    /// <summary>The classifier; null while the model's own head is trained.</summary>
    public ProbeHead? Head { get; set; }

    public void OnEpochEnded(Trainer trainer, EpochRecord epoch) => Head?.FoldInto(model);
}
