namespace Graft.Models;

/// <summary>What became of a tensor when weights were loaded.</summary>
public enum WeightStatus
{
    /// <summary>Taken under its own name.</summary>
    Matched,

    /// <summary>Taken under another name.</summary>
    Renamed,

    /// <summary>Taken in another shape of as many elements, such as <c>[C, 1, 1]</c> for <c>[C]</c>.</summary>
    Reshaped,

    /// <summary>Several of the file's stacked, such as query, key and value as one.</summary>
    Joined,

    /// <summary>A slice of one of the file's, such as the query's part of one bias.</summary>
    Split,

    /// <summary>The stem's weights made from those for another number of channels.</summary>
    Adapted,

    /// <summary>Positions made from those for images of another size.</summary>
    Resampled,

    /// <summary>In the file, and of no use here.</summary>
    Unused,

    /// <summary>In the file, and known to be no weight: counters of batches, index tables.</summary>
    Ignored,

    /// <summary>Wanted, and not in the file.</summary>
    Missing,

    /// <summary>Drawn anew, since a new head was asked for: the head, and a decoder that the file has not.</summary>
    Started,
}
