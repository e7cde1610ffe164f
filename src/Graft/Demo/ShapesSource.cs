using Graft.Imaging;

namespace Graft.Demo;

/// <summary>
/// Draws labelled pictures for <c>graft demo</c>: one shape in random colours, place, size, turn and light, on a random ground
/// among random clutter. The same seed gives the same pictures, on any number of threads.
/// </summary>
public static class ShapesSource
{
    /// <summary>Draws one picture.</summary>
    /// <param name="task">whose class</param>
    /// <param name="label">index of the class</param>
    /// <param name="sample">which of the endlessly many pictures of that class</param>
    /// <param name="seed">decides everything that is random</param>
    /// <param name="size">width and height in pixels</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or the size is below 8.</exception>
    public static Image Draw(ShapesTask task, int label, int sample, ulong seed, int size = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, task.Classes.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        SampleRandom random = new(seed, (ulong)(task.Number * 1000 + label), (ulong)sample);
        return new ShapePainter(size).Paint(task.Classes[label], ref random);
    }

    /// <summary>Writes a task as <c>folder/train/class/*.png</c> and <c>folder/val/class/*.png</c>.</summary>
    /// <param name="task">what to draw</param>
    /// <param name="folder">where to; made when it isn't there</param>
    /// <param name="trainPerClass">training pictures of each class</param>
    /// <param name="validationPerClass">validation pictures of each class</param>
    /// <param name="seed">decides everything that is random</param>
    /// <param name="size">width and height in pixels</param>
    /// <param name="cancellation">stops it; what is written stays</param>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static void Write(
        ShapesTask task, string folder, int trainPerClass, int validationPerClass, ulong seed, int size = 64,
        CancellationToken cancellation = default)
    {
        foreach (string part in (string[])["train", "val"])
            foreach (ShapeClass entry in task.Classes) Directory.CreateDirectory(Path.Combine(folder, part, entry.Label));
        int perClass = trainPerClass + validationPerClass;
        ParallelOptions options = new() { CancellationToken = cancellation };
        Parallel.For(0, task.Classes.Count * perClass, options, item =>
        {
            int label = item / perClass, sample = item % perClass;
            bool training = sample < trainPerClass;
            using Image image = Draw(task, label, sample, seed, size);
            string name = $"{(training ? sample : sample - trainPerClass):0000}.png";
            string path = Path.Combine(folder, training ? "train" : "val", task.Classes[label].Label, name);
            File.WriteAllBytes(path, ImageCodec.EncodePng(image, compression: 1));
        });
    }
}
