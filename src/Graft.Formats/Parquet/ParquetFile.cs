namespace Graft.Formats;

/// <summary>
/// Reads Parquet files: flat columns, columns of structs, and lists of them, in all encodings and codecs but LZO
/// (apache/parquet-format 2.12). Only the columns that are asked for are read, from the file's mapped pages. May be used by
/// several threads.
/// </summary>
public sealed class ParquetFile : IDisposable
{
    readonly MappedFile file;
    readonly ParquetFooter footer;

    ParquetFile(MappedFile file, ParquetFooter footer)
    {
        this.file = file;
        this.footer = footer;
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>The columns, in the file's order.</summary>
    public IReadOnlyList<ParquetColumn> Columns => footer.Columns;

    /// <summary>The parts that the rows are in.</summary>
    public IReadOnlyList<ParquetRowGroup> RowGroups => footer.Groups;

    /// <summary>All rows.</summary>
    public long RowCount => footer.RowCount;

    /// <summary>Texts that the writer put beside the data (<c>pandas</c>, <c>huggingface</c>, <c>ARROW:schema</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata => footer.Metadata;

    /// <summary>The writer's name and version; null where it did not say.</summary>
    public string? CreatedBy => footer.CreatedBy;

    /// <summary>Whether a file begins as Parquet files do (encrypted ones as well).</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8) || start.StartsWith("PARE"u8);

    /// <summary>Opens a file and reads its metadata.</summary>
    /// <param name="path">The file; it stays mapped until this is disposed of.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a folder, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not a Parquet file, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">It is encrypted, or its data is in other files.</exception>
    public static ParquetFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a Parquet file");
        ParquetFooter? footer = null;
        try
        {
            footer = ParquetFooter.Read(file);
            return new(file, footer);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw At(path, error);
        }
        finally
        {
            if (footer is null) file.Dispose();
        }
    }

    /// <summary>A column by its <see cref="ParquetColumn.Name"/> or its <see cref="ParquetColumn.Path"/>; null without
    /// one.</summary>
    /// <exception cref="InvalidDataException">Several columns have that name.</exception>
    public ParquetColumn? FindColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ParquetColumn? found = null;
        foreach (ParquetColumn column in Columns)
        {
            if (column.Path == name) return column;
            if (column.Name != name) continue;
            if (found is not null) throw new InvalidDataException($"{Path}: expected one column {name}, found several");
            found = column;
        }
        return found;
    }

    /// <summary>A column by its <see cref="ParquetColumn.Name"/> or its <see cref="ParquetColumn.Path"/>.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or several.</exception>
    public ParquetColumn Column(string name) => FindColumn(name)
        ?? throw new InvalidDataException($"{Path}: expected a column {name}, found {string.Join(", ", Columns.Select(one =>
            one.Name))}");

    /// <summary>Reads a column of a row group.</summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">One of this file's <see cref="Columns"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row group.</exception>
    /// <exception cref="ArgumentException">The column is another file's.</exception>
    /// <exception cref="InvalidDataException">The column is damaged.</exception>
    /// <exception cref="NotSupportedException">
    /// It is a list of lists, is compressed by LZO, or has more than a billion values in one group.
    /// </exception>
    public ParquetValues ReadColumn(int group, ParquetColumn column)
    {
        long rows = Group(group).RowCount;
        if (rows > int.MaxValue)
            throw new NotSupportedException(
                $"{Path}: expected {int.MaxValue} rows at most in a row group, found {rows}; write smaller ones");
        return ReadRows(group, column, 0, (int)rows);
    }

    /// <summary>
    /// Reads a column of some rows. Of columns that are not lists only the pages with these rows are decoded, which matters where
    /// images are embedded.
    /// </summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">One of this file's <see cref="Columns"/>.</param>
    /// <param name="first">The first row, from the group's beginning.</param>
    /// <param name="count">How many rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row group, or it has no such rows.</exception>
    /// <inheritdoc cref="ReadColumn"/>
    public ParquetValues ReadRows(int group, ParquetColumn column, int first, int count)
    {
        ParquetRowGroup found = Group(group, column);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (first > found.RowCount - count)
            throw new ArgumentOutOfRangeException(nameof(count), $"rows {first} to {(long)first + count} of {found.RowCount}");
        try
        {
            if (!column.IsReadable)
                throw new NotSupportedException("expected a value or a list of values, found lists within lists");
            return ParquetColumnReader.Read(file, found, found.Chunks[column.Index], first, count);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw At($"{Path}: row group {group}, column {column.Name}", error);
        }
    }

    /// <summary>
    /// The rows that a column's pages begin with, for reading one page after the other with <see cref="ReadRows"/>. A page is the
    /// least that can be decoded, and some writers put a thousand images into one.
    /// </summary>
    /// <param name="group">The row group, from 0.</param>
    /// <param name="column">One of this file's <see cref="Columns"/>, not a list.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row group.</exception>
    /// <exception cref="ArgumentException">The column is another file's, or a list.</exception>
    /// <exception cref="InvalidDataException">The column is damaged.</exception>
    public IReadOnlyList<int> PageStarts(int group, ParquetColumn column)
    {
        ParquetRowGroup found = Group(group, column);
        if (column.IsList)
            throw new ArgumentException($"column {column.Name}: the pages of lists do not begin with rows", nameof(column));
        try
        {
            ParquetPage[] pages = ParquetColumnReader.Pages(file, found, found.Chunks[column.Index]);
            return [.. pages.Where(page => page.IsData && page.Values > 0).Select(page => page.FirstValue)];
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException)
        {
            throw At($"{Path}: row group {group}, column {column.Name}", error);
        }
    }

    /// <summary>Closes the file. Values that were read stay.</summary>
    public void Dispose() => file.Dispose();

    ParquetRowGroup Group(int group)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(group);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(group, RowGroups.Count);
        return RowGroups[group];
    }

    ParquetRowGroup Group(int group, ParquetColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        ParquetRowGroup found = Group(group);
        if (column.Index >= Columns.Count || !ReferenceEquals(Columns[column.Index], column))
            throw new ArgumentException($"column {column.Name} is not one of {Path}", nameof(column));
        return found;
    }

    /// <summary>The same error with its place in front.</summary>
    static Exception At(string place, Exception error) => error is NotSupportedException
        ? new NotSupportedException($"{place}: {OneLine(error)}", error)
        : new InvalidDataException($"{place}: {OneLine(error)}", error);

    /// <summary>Names in a damaged file may hold anything.</summary>
    static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ");
}
