using Graft.Models;
using Graft.Training;

namespace Graft;

/// <summary>Writes the classifier that is trained on standardised features into the model's own head after each epoch.</summary>
sealed class FoldHead(ImageModel model) : ICallback
{
    /// <summary>The classifier; null while the model's own head is trained.</summary>
    public ProbeHead? Head { get; set; }

    /// <inheritdoc/>
    public void Attach(Trainer trainer) => trainer.On(TrainingEvent.EpochCompleted, _ => Head?.FoldInto(model));

    /// <summary>Disposed, it folds no more.</summary>
    public IDisposable Until() => new End(this);

    sealed class End(FoldHead fold) : IDisposable
    {
        public void Dispose() => fold.Head = null;
    }
}
