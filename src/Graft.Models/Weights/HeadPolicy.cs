namespace Graft.Models;

/// <summary>What is done about the head when weights are loaded.</summary>
public enum HeadPolicy
{
    /// <summary>The file's head is taken; one that is missing or of another size is an error.</summary>
    Keep,

    /// <summary>The file's head is taken where it fits; else a new one is started.</summary>
    NewWhereNeeded,

    /// <summary>A new head is started, whatever the file has.</summary>
    New,
}
