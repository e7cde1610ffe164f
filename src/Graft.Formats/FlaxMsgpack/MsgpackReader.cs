using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// Reads msgpack values one after another from a part of a mapped file. A value's size is held against what is left of that part
/// before anything is done with it, so no length that a file claims is ever believed.
/// </summary>
sealed class MsgpackReader(MappedFile file, long position, long end)
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the next value begins; after a text's, bytes' or an extension's head, where they begin.</summary>
    public long Position { get; private set; } = position;

    /// <summary>True where nothing is left.</summary>
    public bool IsAtEnd => Position == end;

    /// <summary>The kind of the value read last.</summary>
    public MsgpackKind Kind { get; private set; }

    /// <summary>Its pairs, its items, or its bytes, which the caller takes or skips; 0 for others.</summary>
    public long Count { get; private set; }

    /// <summary>Its value, for a whole number; 0 or 1 for a truth value; the bits of a number.</summary>
    public long Integer { get; private set; }

    /// <summary>Its value, for a number.</summary>
    public double Number { get; private set; }

    /// <summary>Its type, for an extension.</summary>
    public int Extension { get; private set; }

    /// <summary>Reads the head of the next value.</summary>
    /// <exception cref="InvalidDataException">It reaches over the end, or there is no such value.</exception>
    public MsgpackKind Next()
    {
        Count = 0;
        byte head = Byte();
        Kind = head switch
        {
            <= 0x7f => WholeNumber(head),
            <= 0x8f => Collection(MsgpackKind.Map, head & 15),
            <= 0x9f => Collection(MsgpackKind.Array, head & 15),
            <= 0xbf => Bytes(MsgpackKind.Text, head & 31),
            0xc0 => MsgpackKind.Nil,
            0xc2 or 0xc3 => Truth(head & 1),
            0xc4 or 0xc5 or 0xc6 => Bytes(MsgpackKind.Binary, Unsigned(1 << (head - 0xc4))),
            0xc7 or 0xc8 or 0xc9 => Extended(Unsigned(1 << (head - 0xc7))),
            0xca => Real(BitConverter.Int32BitsToSingle((int)Unsigned(4))),
            0xcb => Real(BitConverter.Int64BitsToDouble(Unsigned(8))),
            0xcc or 0xcd or 0xce => WholeNumber(Unsigned(1 << (head - 0xcc))),
            0xcf => Unsigned(8) is >= 0 and var number ? WholeNumber(number) : throw Bad("a number does not fit 63 bits"),
            0xd0 => WholeNumber((sbyte)Unsigned(1)),
            0xd1 => WholeNumber((short)Unsigned(2)),
            0xd2 => WholeNumber((int)Unsigned(4)),
            0xd3 => WholeNumber(Unsigned(8)),
            >= 0xd4 and <= 0xd8 => Extended(1 << (head - 0xd4)),
            0xd9 or 0xda or 0xdb => Bytes(MsgpackKind.Text, Unsigned(1 << (head - 0xd9))),
            0xdc or 0xdd => Collection(MsgpackKind.Array, Unsigned(2 << (head - 0xdc))),
            0xde or 0xdf => Collection(MsgpackKind.Map, Unsigned(2 << (head - 0xde))),
            >= 0xe0 => WholeNumber((sbyte)head),
            _ => throw Bad($"byte {head:x2} begins no value of msgpack"),
        };
        return Kind;
    }

    /// <summary>Takes the bytes of the text, bytes or extension that was read last.</summary>
    public ReadOnlySpan<byte> Take()
    {
        ReadOnlySpan<byte> bytes = file.Span(Position, (int)Count);
        Position += Count;
        return bytes;
    }

    /// <summary>Takes the text that was read last, of at most so many bytes.</summary>
    public string TakeText(int most)
    {
        if (Count > most) throw Bad($"a text of {Count} bytes stands where at most {most} make sense");
        try
        {
            return utf8.GetString(Take());
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{file.Path}: bad msgpack: a text is not UTF-8", error);
        }
    }

    /// <summary>Passes over the bytes of the text, bytes or extension that was read last.</summary>
    public void Skip() => Position += Count;

    /// <summary>A reader of the extension that was read last, which this one passes over.</summary>
    public MsgpackReader Within()
    {
        MsgpackReader inner = new(file, Position, Position + Count);
        Skip();
        return inner;
    }

    /// <summary>The error for this file.</summary>
    public InvalidDataException Bad(string what) => new($"{file.Path}: bad msgpack at byte {Position}: {what}");

    MsgpackKind WholeNumber(long value)
    {
        Integer = value;
        return MsgpackKind.Integer;
    }

    MsgpackKind Truth(int value)
    {
        Integer = value;
        return MsgpackKind.Truth;
    }

    MsgpackKind Real(double value)
    {
        Number = value;
        return MsgpackKind.Number;
    }

    MsgpackKind Bytes(MsgpackKind kind, long count)
    {
        if (count > end - Position) throw Truncated();
        Count = count;
        return kind;
    }

    MsgpackKind Extended(long count)
    {
        Extension = (sbyte)Byte();
        return Bytes(MsgpackKind.Extension, count);
    }

    /// <summary>An item takes a byte at least, a pair two.</summary>
    MsgpackKind Collection(MsgpackKind kind, long count)
    {
        if (count > (end - Position) / (kind == MsgpackKind.Map ? 2 : 1)) throw Truncated();
        Count = count;
        return kind;
    }

    byte Byte()
    {
        if (Position >= end) throw Truncated();
        return file.Span(Position++, 1)[0];
    }

    /// <summary>A number of 1, 2, 4 or 8 bytes, the highest first.</summary>
    long Unsigned(int size)
    {
        if (size > end - Position) throw Truncated();
        ReadOnlySpan<byte> bytes = file.Span(Position, size);
        Position += size;
        return size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
        };
    }

    InvalidDataException Truncated() => new(
        $"{file.Path}: bad msgpack: what stands at byte {Position} reaches over the end: truncated, download it again");
}
