namespace Graft.Training;

/// <summary>Which of the events of a kind are wanted: see <see cref="TrainingEvent.Every"/>.</summary>
/// <param name="Event">the kind</param>
/// <param name="Fires">whether the event of that number, from 1, is wanted</param>
public sealed record EventFilter(TrainingEvent Event, Func<long, bool> Fires);
