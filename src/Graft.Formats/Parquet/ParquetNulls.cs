namespace Graft.Formats;

/// <summary>Which values and lists are not there.</summary>
sealed class ParquetNulls
{
    readonly bool[]? nulls;
    readonly int first;

    /// <param name="nulls">One for each value; null where there are no nulls at all.</param>
    /// <param name="first">Where in <paramref name="nulls"/> the values begin.</param>
    /// <param name="count">Values.</param>
    public ParquetNulls(bool[]? nulls, int first, int count)
    {
        this.nulls = nulls;
        this.first = first;
        Count = count;
        NullCount = nulls is null ? 0 : nulls.AsSpan(first, count).Count(true);
    }

    public int Count { get; }

    public int NullCount { get; }

    /// <summary>Of lists, where each begins, and the end.</summary>
    public int[]? Starts { get; init; }

    public bool[]? NullLists { get; init; }

    public bool IsNull(int index)
    {
        if ((uint)index >= (uint)Count) throw new IndexOutOfRangeException($"value {index} of {Count}");
        return nulls is not null && nulls[first + index];
    }
}
