namespace Graft.Formats;

/// <summary>
/// The values of one column in some rows of a file: <see cref="ParquetNumbers{T}"/> or <see cref="ParquetBytes"/>. It holds its
/// own memory and stays when the file is closed.
/// </summary>
public abstract class ParquetValues
{
    readonly ParquetNulls nulls;

    private protected ParquetValues(ParquetColumn column, ParquetNulls nulls)
    {
        Column = column;
        this.nulls = nulls;
    }

    /// <summary>The column.</summary>
    public ParquetColumn Column { get; }

    /// <summary>Rows.</summary>
    public int RowCount => nulls.Starts is null ? nulls.Count : nulls.Starts.Length - 1;

    /// <summary>Values: the rows', or those of all rows' lists.</summary>
    public int Count => nulls.Count;

    /// <summary>
    /// Of lists, where each row's values begin: row r has values <c>Starts[r]</c> to <c>Starts[r + 1]</c> (exclusive). Empty for
    /// columns that are not lists.
    /// </summary>
    public ReadOnlySpan<int> Starts => nulls.Starts;

    /// <summary>Values that are null.</summary>
    public int NullCount => nulls.NullCount;

    /// <summary>Whether a value is null.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such value.</exception>
    public bool IsNull(int index) => nulls.IsNull(index);

    /// <summary>Whether a row's list is null as a whole (and not only empty). False for columns that are not lists.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such row.</exception>
    public bool IsNullList(int row) => nulls.NullLists is not null && nulls.NullLists[row];

    /// <summary>
    /// A value as the runtime's own type: <see cref="bool"/>, <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>,
    /// <see cref="ulong"/>, <see cref="Half"/>, <see cref="float"/>, <see cref="double"/>, <see cref="decimal"/>,
    /// <see cref="string"/>, <see cref="Guid"/>, <see cref="DateOnly"/>, <see cref="TimeOnly"/>, <see cref="DateTime"/>, or an
    /// array of
    /// <see cref="byte"/>; null where it is null.
    /// </summary>
    /// <remarks>
    /// A <see cref="DateTime"/> counts 100 ns, so that <see cref="GetText"/> may tell more. Dates and times out of the type's
    /// range come as they are stored, decimals as text.
    /// </remarks>
    /// <exception cref="IndexOutOfRangeException">There is no such value.</exception>
    public object? GetValue(int index) => IsNull(index) ? null : Value(index);

    /// <summary>
    /// A value as text that does not depend on the place: numbers in the shortest form that reads back as the same, decimals and
    /// times with all their digits (<c>2024-05-01T12:00:00.25Z</c>), <c>true</c> or <c>false</c>, bytes as UTF-8 text or, where
    /// they are none, as hexadecimal digits; null where it is null.
    /// </summary>
    /// <exception cref="IndexOutOfRangeException">There is no such value.</exception>
    public string? GetText(int index) => IsNull(index) ? null : Text(index);

    private protected abstract object Value(int index);

    private protected abstract string Text(int index);
}
