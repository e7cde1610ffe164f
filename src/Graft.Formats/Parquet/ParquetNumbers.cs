namespace Graft.Formats;

/// <summary>A column's values of one size: booleans, whole and floating numbers, dates and times as they are stored.</summary>
/// <typeparam name="T">As <see cref="ParquetColumn.Type"/> says.</typeparam>
public sealed class ParquetNumbers<T> : ParquetValues
    where T : unmanaged
{
    readonly T[] values;
    readonly int first;

    internal ParquetNumbers(ParquetColumn column, ParquetNulls nulls, T[] values, int first)
        : base(column, nulls)
    {
        this.values = values;
        this.first = first;
    }

    /// <summary>The values; zero or false where they are null.</summary>
    public ReadOnlySpan<T> Values => values.AsSpan(first, Count);

    private protected override object Value(int index) => ParquetLogical.Value(Column, values[first + index]);

    private protected override string Text(int index) => ParquetLogical.Text(Column, values[first + index]);
}
