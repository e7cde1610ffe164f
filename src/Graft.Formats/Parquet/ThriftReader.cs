using System.Text;

namespace Graft.Formats;

/// <summary>
/// Reads Thrift's compact protocol. Every count is held against the bytes that are left, and nesting is limited, so that it takes
/// time and memory only in proportion to its input.
/// </summary>
ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    const int MaxDepth = 64;

    readonly ReadOnlySpan<byte> data = data;
    int depth;

    public int Position { get; private set; }

    /// <summary>
    /// Moves to a struct's next field: <c>for (short id = 0; reader.Next(ref id, out ThriftType type);)</c>. Each field must then
    /// be read or skipped.
    /// </summary>
    public bool Next(ref short id, out ThriftType type)
    {
        int header = Byte();
        type = Type(header & 15);
        if (type == ThriftType.Stop) return false;
        int step = header >> 4;
        int next = step == 0 ? checked((int)Math.Clamp(ZigZag(), int.MinValue, int.MaxValue)) : id + step;
        if (next is < 0 or > short.MaxValue) throw new InvalidDataException($"expected a field's number, found {next}");
        id = (short)next;
        return true;
    }

    public long Int64(ThriftType type)
    {
        switch (type)
        {
            case ThriftType.Int8:
                return (sbyte)Byte();
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                return ZigZag();
            default:
                throw Unexpected("a whole number", type);
        }
    }

    public int Int32(ThriftType type)
    {
        long value = Int64(type);
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value : throw new InvalidDataException($"expected a number of 32 bits, found {value}");
    }

    /// <summary>A number that counts something or says where it is.</summary>
    public long Count64(ThriftType type)
    {
        long value = Int64(type);
        return value >= 0 ? value : throw new InvalidDataException($"expected a count, found {value}");
    }

    /// <inheritdoc cref="Count64"/>
    public int Count32(ThriftType type)
    {
        int value = Int32(type);
        return value >= 0 ? value : throw new InvalidDataException($"expected a count, found {value}");
    }

    public static bool Boolean(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Unexpected("true or false", type),
    };

    public ReadOnlySpan<byte> Binary(ThriftType type)
    {
        if (type != ThriftType.Binary) throw Unexpected("bytes", type);
        ulong length = Varint();
        if (length > (ulong)(data.Length - Position))
            throw new InvalidDataException($"expected {length} bytes, found {data.Length - Position} left");
        ReadOnlySpan<byte> bytes = data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>A text; broken UTF-8 becomes replacement characters.</summary>
    public string Text(ThriftType type) => Encoding.UTF8.GetString(Binary(type));

    /// <summary>Begins a list, whose elements must then be read.</summary>
    /// <returns>Their number: no more than there are bytes left.</returns>
    public int List(ThriftType type, out ThriftType element)
    {
        if (type is not (ThriftType.List or ThriftType.Set)) throw Unexpected("a list", type);
        int header = Byte();
        element = Type(header & 15);
        ulong count = (ulong)header >> 4;
        if (count == 15) count = Varint();
        return Elements(count);
    }

    /// <summary>Begins a list of structs.</summary>
    public int Structs(ThriftType type)
    {
        int count = List(type, out ThriftType element);
        return count == 0 || element == ThriftType.Struct ? count : throw Unexpected("a list of structs", element);
    }

    public void Enter(ThriftType type)
    {
        if (type != ThriftType.Struct) throw Unexpected("a struct", type);
    }

    public void Skip(ThriftType type)
    {
        if (++depth > MaxDepth) throw new InvalidDataException($"expected {MaxDepth} levels of nesting at most, found more");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Int8:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                for (int i = 0; i < 8; i++) Byte();
                break;
            case ThriftType.Binary:
                Binary(type);
                break;
            case ThriftType.List or ThriftType.Set:
                int count = List(type, out ThriftType element);
                for (int i = 0; i < count; i++) SkipElement(element);
                break;
            case ThriftType.Map:
                int pairs = Elements(Varint());
                if (pairs == 0) break;
                int types = Byte();
                for (int i = 0; i < pairs; i++)
                {
                    SkipElement(Type(types >> 4));
                    SkipElement(Type(types & 15));
                }
                break;
            default:
                for (short id = 0; Next(ref id, out ThriftType field);) Skip(field);
                break;
        }
        depth--;
    }

    /// <summary>In lists and maps a boolean takes a byte.</summary>
    void SkipElement(ThriftType type) => Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Int8 : type);

    readonly int Elements(ulong count) => count <= (ulong)(data.Length - Position)
        ? (int)count : throw new InvalidDataException(
            $"expected a list of {data.Length - Position} elements at most, found {count}");

    static ThriftType Type(int code) =>
        code <= (int)ThriftType.Struct ? (ThriftType)code : throw new InvalidDataException($"expected a type, found {code}");

    int Byte() => Position < data.Length ? data[Position++]
        : throw new InvalidDataException("expected more metadata, found its end");

    long ZigZag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int one = Byte();
            value |= (ulong)(one & 127) << shift;
            if (one < 128) return value;
        }
        throw new InvalidDataException("expected a number of 64 bits, found a longer one");
    }

    static InvalidDataException Unexpected(string expected, ThriftType found) =>
        new($"expected {expected}, found {(found == ThriftType.Stop ? "nothing" : found.ToString())}");
}
