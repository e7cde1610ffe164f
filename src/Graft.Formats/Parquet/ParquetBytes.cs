using System.Text;

namespace Graft.Formats;

/// <summary>A column's values of bytes or text. Texts are decoded when they are asked for.</summary>
public sealed class ParquetBytes : ParquetValues
{
    readonly byte[][] buffers;
    readonly Slice[] distinct;
    readonly int[] indices;
    readonly int first;
    readonly string?[]? texts;

    internal ParquetBytes(ParquetColumn column, ParquetNulls nulls, byte[][] buffers, Slice[] distinct, int[] indices, int first)
        : base(column, nulls)
    {
        this.buffers = buffers;
        this.distinct = distinct;
        this.indices = indices;
        this.first = first;
        // Where values repeat, so may their texts.
        if (distinct.Length < Count / 2) texts = new string?[distinct.Length];
    }

    /// <summary>A part of a buffer.</summary>
    internal readonly record struct Slice(int Buffer, int Start, int Length);

    /// <summary>A value's bytes; none where it is null.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such value.</exception>
    public ReadOnlySpan<byte> this[int index] => IsNull(index) ? [] : Bytes(distinct[indices[first + index]]);

    private protected override object Value(int index) => ParquetLogical.IsText(Column)
        ? Text(index) : ParquetLogical.Value(Column, this[index]);

    private protected override string Text(int index)
    {
        int which = indices[first + index];
        if (texts?[which] is { } known) return known;
        ReadOnlySpan<byte> bytes = Bytes(distinct[which]);
        string text = ParquetLogical.IsText(Column) ? Encoding.UTF8.GetString(bytes) : ParquetLogical.Text(Column, bytes);
        if (texts is not null) texts[which] = text; // two threads would write the same
        return text;
    }

    ReadOnlySpan<byte> Bytes(Slice slice) => buffers[slice.Buffer].AsSpan(slice.Start, slice.Length);
}
