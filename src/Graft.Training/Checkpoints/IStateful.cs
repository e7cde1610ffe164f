namespace Graft.Training;

/// <summary>Something whose memory belongs into a checkpoint.</summary>
public interface IStateful
{
    /// <summary>What its part of a checkpoint is called; no two of a training share it.</summary>
    string Key { get; }

    /// <summary>Writes everything that is needed to go on as if nothing had happened.</summary>
    void Save(StateWriter to);

    /// <summary>Takes up what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is of something else.</exception>
    void Load(StateReader from);
}
