namespace Graft.Training;

/// <summary>What a parameter's value is.</summary>
public enum SweepValueKind
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A finite number, whole or not.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A list or a mapping, as JSON.</summary>
    Structure,
}
