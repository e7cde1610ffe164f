using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Some samples as tensors. Dispose it when the step is done: its memory is filled with a later batch then, so that no view of
/// <see cref="Images"/> or <see cref="Targets"/> may be used afterwards.
/// </summary>
public sealed class Batch : IDisposable
{
    Action? release;

    internal Batch(Tensor images, Tensor labels, Tensor? targets, IReadOnlyList<Sample> samples, int number, Action release)
    {
        Images = images;
        Labels = labels;
        Targets = targets ?? labels;
        Samples = samples;
        Number = number;
        this.release = release;
    }

    /// <summary>The normalised images, float32 [N, 3, H, W].</summary>
    public Tensor Images { get; }

    /// <summary>The numbers of their classes, int64 [N]; 0 where they have none.</summary>
    public Tensor Labels { get; }

    /// <summary>
    /// What a loss compares with: <see cref="Labels"/> for one class; for several labels 0 or 1 each, float32 [N, K]; for
    /// numbers, these, float32 [N, D]; for masks the class of each pixel, int64 [N, H, W], with
    /// <see cref="LossTargets.Ignore"/> where it does not count.
    /// </summary>
    public Tensor Targets { get; }

    /// <summary>Where they come from, N.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    /// <summary>The number of images.</summary>
    public int Count => Samples.Count;

    /// <summary>The batch's number in its epoch, from 0.</summary>
    public int Number { get; }

    /// <summary>Frees the tensors and gives the memory back to the loader.</summary>
    public void Dispose()
    {
        Action? once = Interlocked.Exchange(ref release, null);
        if (once is null) return;
        Images.Dispose();
        Labels.Dispose();
        Targets.Dispose();
        once();
    }
}
