namespace Graft.Training;

/// <summary>
/// Something that happens besides training: it says with <see cref="Trainer.On"/> when. What it must remember over a resume it
/// saves as an <see cref="IStateful"/>.
/// </summary>
public interface ICallback
{
    /// <summary>Subscribes to a trainer's events. Callbacks are attached, and then called, in their order.</summary>
    void Attach(Trainer trainer);
}
