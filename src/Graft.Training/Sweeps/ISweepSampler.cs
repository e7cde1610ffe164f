namespace Graft.Training;

/// <summary>
/// Chooses what to try next. A sampler keeps nothing: the same trials, number and seed always give the same, so any agent on any
/// machine may ask.
/// </summary>
public interface ISweepSampler
{
    /// <summary>The values of a new trial; null when there is nothing left to try.</summary>
    /// <param name="number">the new trial's number</param>
    /// <param name="trials">all trials so far, running ones too; their order makes no difference</param>
    IReadOnlyDictionary<string, SweepValue>? Suggest(int number, IReadOnlyCollection<SweepTrial> trials);
}
