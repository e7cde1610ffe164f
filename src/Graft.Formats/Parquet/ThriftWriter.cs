using System.Buffers;
using System.Text;

namespace Graft.Formats;

/// <summary>Writes Thrift's compact protocol. Fields must come by rising numbers, as the specifications of structs list
/// them.</summary>
sealed class ThriftWriter
{
    readonly ArrayBufferWriter<byte> buffer = new();
    readonly Stack<int> outer = [];
    int last;

    /// <summary>What was written, once the outermost struct is ended.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Number(int field, long value, ThriftType type = ThriftType.Int32)
    {
        Field(field, type);
        if (type == ThriftType.Int8) Byte((byte)value);
        else ZigZag(value);
    }

    public void Long(int field, long value) => Number(field, value, ThriftType.Int64);

    public void Boolean(int field, bool value) => Field(field, value ? ThriftType.True : ThriftType.False);

    public void Binary(int field, ReadOnlySpan<byte> value)
    {
        Field(field, ThriftType.Binary);
        BinaryElement(value);
    }

    public void Text(int field, string value) => Binary(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a struct in a field; <see cref="End"/> ends it.</summary>
    public void Struct(int field)
    {
        Field(field, ThriftType.Struct);
        Element();
    }

    /// <summary>A struct without fields, as unions have them.</summary>
    public void Empty(int field)
    {
        Struct(field);
        End();
    }

    /// <summary>Begins a list, whose elements must follow.</summary>
    public void List(int field, ThriftType type, int count)
    {
        Field(field, ThriftType.List);
        if (count < 15) Byte((byte)(count << 4 | (int)type));
        else
        {
            Byte((byte)(15 << 4 | (int)type));
            Varint((ulong)count);
        }
    }

    /// <summary>Begins a struct that is an element of a list; <see cref="End"/> ends it.</summary>
    public void Element()
    {
        outer.Push(last);
        last = 0;
    }

    public void End()
    {
        Byte(0);
        last = outer.Pop();
    }

    /// <summary>Ends the outermost struct.</summary>
    public void Finish() => Byte(0);

    public void NumberElement(long value) => ZigZag(value);

    public void TextElement(string value) => BinaryElement(Encoding.UTF8.GetBytes(value));

    void BinaryElement(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        buffer.Write(value);
    }

    void Field(int field, ThriftType type)
    {
        int step = field - last;
        if (step is < 1 or > 15) throw new InvalidOperationException($"field {field} after {last}");
        Byte((byte)(step << 4 | (int)type));
        last = field;
    }

    void ZigZag(long value) => Varint((ulong)(value << 1 ^ value >> 63));

    void Varint(ulong value)
    {
        for (; value >= 128; value >>= 7) Byte((byte)(value | 128));
        Byte((byte)value);
    }

    void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }
}
