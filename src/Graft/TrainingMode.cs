namespace Graft;

/// <summary>What of a pretrained model is trained.</summary>
public enum TrainingMode
{
    /// <summary>
    /// First the new head alone, then everything, the deepest layers slowest. Howard and Ruder 2018, arXiv:1801.06146.
    /// </summary>
    FineTune,

    /// <summary>The new head alone, on the features of the frozen backbone, each image's computed once.</summary>
    Probe,

    /// <summary>Everything from the start, at one rate.</summary>
    Full,

    /// <summary>
    /// The new head and the last <see cref="JobConfig.UnfreezeGroups"/> layer groups of the backbone, at one rate.
    /// </summary>
    Partial,
}
