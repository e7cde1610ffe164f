namespace Graft.Formats;

/// <summary>A part of a Parquet file's rows, with each column in one piece.</summary>
public sealed class ParquetRowGroup
{
    readonly ParquetPage[]?[] pages;

    internal ParquetRowGroup(int index, long firstRow, long rowCount, ParquetChunk[] chunks)
    {
        Index = index;
        FirstRow = firstRow;
        RowCount = rowCount;
        Chunks = chunks;
        pages = new ParquetPage[chunks.Length][];
    }

    /// <summary>Where it stands among the file's row groups, from 0.</summary>
    public int Index { get; }

    /// <summary>Rows in the groups before it.</summary>
    public long FirstRow { get; }

    /// <summary>Its rows.</summary>
    public long RowCount { get; }

    /// <summary>Its columns, by <see cref="ParquetColumn.Index"/>.</summary>
    public IReadOnlyList<ParquetChunk> Chunks { get; }

    /// <summary>Where a column's pages are, once that is known. Two threads that find it out find the same.</summary>
    internal ref ParquetPage[]? Pages(int column) => ref pages[column];
}
