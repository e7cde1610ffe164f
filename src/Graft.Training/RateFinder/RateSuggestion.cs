namespace Graft.Training;

/// <summary>Ways to read a learning rate off a <see cref="RateCurve"/>: fastai's.</summary>
public enum RateSuggestion
{
    /// <summary>Within the longest stretch in which the loss falls, halfway: fastai's choice.</summary>
    Valley,

    /// <summary>The last rate before the slope, seen through an interval that slides down from the end, settles.</summary>
    Slide,

    /// <summary>A tenth of the rate at which the loss was least.</summary>
    Minimum,

    /// <summary>Where the loss falls fastest.</summary>
    Steep,
}
