namespace Graft.Data;

/// <summary>What the numbers of a <see cref="MaskContent"/> are.</summary>
enum MaskContentKind
{
    /// <summary>Values of one channel.</summary>
    Values,

    /// <summary>Colours.</summary>
    Colors,

    /// <summary>Numbers of classes, -1 for ignored pixels.</summary>
    Classes,
}
