namespace Graft.Training;

/// <summary>Where a trial stands.</summary>
public enum SweepTrialState
{
    /// <summary>It has been given out, and no result is known.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>Early termination ended it; what it reached counts as a result.</summary>
    Stopped,

    /// <summary>It crashed or was killed.</summary>
    Failed,
}
