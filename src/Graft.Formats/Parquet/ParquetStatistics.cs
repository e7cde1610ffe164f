namespace Graft.Formats;

/// <summary>What a writer noted about a column's values in one row group.</summary>
public sealed record ParquetStatistics
{
    /// <summary>How many are null; null where it was not noted.</summary>
    public long? NullCount { get; init; }

    /// <summary>How many are different; null where it was not noted.</summary>
    public long? DistinctCount { get; init; }

    /// <summary>
    /// A value below which there is none, of the type that <see cref="ParquetValues.GetValue"/> gives; null where it was not
    /// noted, or in a way that can't be relied upon. Of texts and bytes it may be a shortened one.
    /// </summary>
    public object? Minimum { get; init; }

    /// <summary>A value above which there is none; like <see cref="Minimum"/>.</summary>
    public object? Maximum { get; init; }
}
