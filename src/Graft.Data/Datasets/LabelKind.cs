namespace Graft.Data;

/// <summary>What is known of an image, and so what a model learns to say of it.</summary>
public enum LabelKind
{
    /// <summary>One class of several: <see cref="Sample.Label"/>.</summary>
    Single,

    /// <summary>Any number of labels, none of which rules out another: <see cref="Sample.Targets"/> is 1 for each.</summary>
    Multiple,

    /// <summary>One or more numbers, each of a column of its own: <see cref="Sample.Targets"/>.</summary>
    Number,

    /// <summary>The class of each pixel: <see cref="Sample.Mask"/>.</summary>
    Mask,
}
