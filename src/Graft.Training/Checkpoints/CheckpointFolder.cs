using System.Diagnostics;
using System.Globalization;

namespace Graft.Training;

/// <summary>
/// Saves a training into a folder: after every epoch, every so many minutes, and when it is interrupted. Each checkpoint is a
/// file of its own, <c>step-00000048.safetensors</c>, that is there whole or not at all; the last ones and the best epoch's are
/// kept.
/// </summary>
/// <param name="folder">where; made when it isn't there</param>
/// <param name="keepLast">how many of the last are kept, at least 1</param>
/// <param name="minutes">between checkpoints within an epoch; 0: after every step</param>
public sealed class CheckpointFolder(string folder, int keepLast = 2, double minutes = 5) : ICallback
{
    const string Prefix = "step-", Suffix = ".safetensors";

    long last = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Attach(Trainer trainer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        trainer.On(TrainingEvent.SavePoint, at =>
        {
            if (at.State.Batch == 0 || Stopwatch.GetElapsedTime(last).TotalMinutes >= minutes) Save(at);
        });
        trainer.On(TrainingEvent.Interrupted, at =>
        {
            if (at.CanSave && at.State.Iteration > 0) Save(at);
        });
    }

    /// <summary>Saves now.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(Trainer trainer)
    {
        Directory.CreateDirectory(folder);
        var state = new StateWriter();
        trainer.Save(state);
        CheckpointFile.Write(PathOf(trainer.State.Iteration), state);
        Prune(trainer.State);
        last = Stopwatch.GetTimestamp();
    }

    void Prune(TrainState state)
    {
        foreach ((string path, long iteration) in All(folder).Skip(keepLast))
            if (iteration != state.BestIteration || state.BestEpoch == 0) File.Delete(path);
    }

    string PathOf(long iteration) =>
        Path.Combine(folder, Prefix + iteration.ToString("D8", CultureInfo.InvariantCulture) + Suffix);

    /// <summary>Whether a folder holds a checkpoint, damaged or not.</summary>
    public static bool Any(string folder) => Directory.Exists(folder) && All(folder).Any();

    /// <summary>Opens the newest checkpoint that is whole.</summary>
    /// <param name="folder">where they lie</param>
    /// <param name="note">told of those that are damaged</param>
    /// <param name="state">what it holds; usable until the file is disposed</param>
    /// <returns>the open file, which is the caller's; null when there is no checkpoint at all</returns>
    /// <exception cref="InvalidDataException">All of them are damaged.</exception>
    public static IDisposable? OpenNewest(string folder, Action<string> note, out StateReader? state)
    {
        state = null;
        Exception? first = null;
        foreach ((string path, _) in Directory.Exists(folder) ? All(folder) : [])
        {
            try
            {
                return CheckpointFile.Open(path, out state);
            }
            catch (Exception error) when (error is InvalidDataException or IOException)
            {
                note($"{error.Message.TrimEnd('.')}. Going back to the one before.");
                first ??= error;
            }
        }
        if (first is null) return null;
        throw new InvalidDataException($"{folder}: no checkpoint can be read: {first.Message}", first);
    }

    // the newest first
    static IReadOnlyList<(string Path, long Iteration)> All(string folder)
    {
        List<(string, long Iteration)> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}"))
        {
            ReadOnlySpan<char> number = Path.GetFileName(path.AsSpan())[Prefix.Length..^Suffix.Length];
            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long iteration))
                found.Add((path, iteration));
        }
        found.Sort((left, right) => right.Iteration.CompareTo(left.Iteration));
        return found;
    }
}
