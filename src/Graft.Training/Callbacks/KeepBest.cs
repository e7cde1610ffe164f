using Graft.Nn;
using Graft.Torch;

namespace Graft.Training;

/// <summary>Keeps a copy of the weights of the best epoch.</summary>
/// <param name="parameters">what to copy: everything that training changes, batch-norm statistics among it</param>
public sealed class KeepBest(Func<IEnumerable<Parameter>> parameters) : ICallback, IStateful, IDisposable
{
    WeightSnapshot? snapshot;
    Trainer? trainer;

    /// <summary>The best epoch so far; null before the first is done.</summary>
    public EpochRecord? Best => trainer?.Epochs.LastOrDefault(epoch => epoch.IsBest);

    /// <inheritdoc/>
    public string Key => "best";

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        this.trainer = trainer;
        trainer.On(TrainingEvent.EpochCompleted, Update);
    }

    void Update(Trainer trainer)
    {
        if (!trainer.Epochs[^1].IsBest) return;
        if (snapshot is null) snapshot = new WeightSnapshot(parameters());
        else snapshot.Update();
    }

    /// <summary>Gives the model the best epoch's weights back; does nothing before the first epoch is done.</summary>
    public void Restore() => snapshot?.Restore();

    /// <inheritdoc/>
    public void Save(StateWriter to)
    {
        bool isCurrent = snapshot?.IsCurrent() ?? false;
        to.Write("is_current", isCurrent); // then they are in the checkpoint already
        if (snapshot is null || isCurrent) return;
        foreach ((Parameter parameter, Tensor copy) in snapshot.Copies) to.Write(parameter.Name, copy);
    }

    /// <inheritdoc/>
    /// <remarks>Comes after the weights themselves.</remarks>
    public void Load(StateReader from)
    {
        snapshot?.Dispose();
        snapshot = null;
        if (!from.Bool("is_current") && !from.TensorNames.Any()) return;
        snapshot = new WeightSnapshot(parameters());
        if (from.Bool("is_current")) return;
        using GradMode mode = Autograd.NoGrad();
        foreach ((Parameter parameter, Tensor copy) in snapshot.Copies)
        {
            using Tensor found = from.Tensor(parameter.Name);
            copy.Copy_(found);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        snapshot?.Dispose();
        snapshot = null;
    }
}
