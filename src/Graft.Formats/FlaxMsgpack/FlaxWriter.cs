using System.Buffers.Binary;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// Writes files of Flax's msgpack as <c>flax.serialization.msgpack_serialize</c> does: names are cut at their dots into nested
/// maps, in the order of the arrays; an array of more than a gigabyte is written in pieces.
/// </summary>
public static class FlaxWriter
{
    const int UsualPieceBytes = 1 << 30;

    /// <summary>Writes a file, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The target; an older file there is replaced.</param>
    /// <param name="arrays">The arrays with their data: little-endian, row-major, contiguous.</param>
    /// <exception cref="ArgumentException">
    /// Two arrays share a name, one's name stands below another's, or data is not as long as its type and shape say.
    /// </exception>
    /// <exception cref="IOException">It cannot be written; nothing is left behind.</exception>
    public static void Write(string path, IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays) =>
        Write(path, arrays, UsualPieceBytes);

    internal static void Write(
        string path, IReadOnlyList<(ArrayEntry Entry, ReadOnlyMemory<byte> Bytes)> arrays, int pieceBytes)
    {
        WriterChecks.Check(arrays);
        OrderedDictionary<string, object> root = new(StringComparer.Ordinal);
        for (int i = 0; i < arrays.Count; i++) Place(root, arrays[i].Entry.Name, i);
        AtomicFile.Write(path, stream => WriteMap(stream, root, arrays, pieceBytes));
    }

    static void Place(OrderedDictionary<string, object> root, string name, int index)
    {
        OrderedDictionary<string, object> map = root;
        string[] keys = name.Split('.');
        foreach (string key in keys.AsSpan(..^1))
        {
            if (!map.TryGetValue(key, out object? below)) map.Add(key, below = new OrderedDictionary<string, object>());
            map = below as OrderedDictionary<string, object>
                ?? throw new ArgumentException($"'{name}' stands below another array, which Flax's maps cannot hold");
        }
        if (!map.TryAdd(keys[^1], index)) throw new ArgumentException($"other arrays stand below '{name}'");
    }

    static void WriteMap(
        Stream to, OrderedDictionary<string, object> map, IReadOnlyList<(ArrayEntry, ReadOnlyMemory<byte>)> arrays,
        int pieceBytes)
    {
        Collection(to, 0x80, 0xde, map.Count);
        foreach ((string key, object value) in map)
        {
            Text(to, key);
            if (value is OrderedDictionary<string, object> below) WriteMap(to, below, arrays, pieceBytes);
            else WriteArray(to, arrays[(int)value], pieceBytes);
        }
    }

    static void WriteArray(Stream to, (ArrayEntry Entry, ReadOnlyMemory<byte> Bytes) array, int pieceBytes)
    {
        (ArrayEntry entry, ReadOnlyMemory<byte> bytes) = array;
        if (bytes.Length <= pieceBytes)
        {
            Ndarray(to, entry.Type, entry.Shape, bytes.Span);
            return;
        }
        Collection(to, 0x80, 0xde, 3);
        Text(to, "__msgpack_chunked_array__");
        to.WriteByte(0xc3); // true
        Text(to, "shape");
        Collection(to, 0x80, 0xde, entry.Shape.Count);
        for (int i = 0; i < entry.Shape.Count; i++)
        {
            Text(to, $"{i}");
            Number(to, entry.Shape[i]);
        }
        int size = entry.Type.Size(), piece = Math.Max(1, pieceBytes / size) * size;
        int count = (int)(((long)bytes.Length + piece - 1) / piece);
        Text(to, "chunks");
        Collection(to, 0x80, 0xde, count);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> part = bytes.Span[(i * piece)..];
            part = part[..Math.Min(piece, part.Length)];
            Text(to, $"{i}");
            Ndarray(to, entry.Type, [part.Length / size], part);
        }
    }

    /// <summary>The extension of type 1: shape, name of the type, bytes.</summary>
    static void Ndarray(Stream to, ElementType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        using MemoryStream head = new();
        Collection(head, 0x90, 0xdc, 3);
        Collection(head, 0x90, 0xdc, shape.Count);
        foreach (long size in shape) Number(head, size);
        Text(head, type.TorchName());
        Sized(head, [0xc4, 0xc5, 0xc6], bytes.Length);
        Sized(to, [0xc7, 0xc8, 0xc9], checked((int)head.Length + bytes.Length));
        to.WriteByte(1);
        to.Write(head.GetBuffer().AsSpan(0, (int)head.Length));
        to.Write(bytes);
    }

    static void Text(Stream to, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length < 32) to.WriteByte((byte)(0xa0 | bytes.Length));
        else Sized(to, [0xd9, 0xda, 0xdb], bytes.Length);
        to.Write(bytes);
    }

    static void Number(Stream to, long value)
    {
        if (value < 0x80) to.WriteByte((byte)value);
        else if (value <= uint.MaxValue) Sized(to, [0xcc, 0xcd, 0xce], value);
        else
        {
            to.WriteByte(0xcf);
            BigEndian(to, value, 8);
        }
    }

    static void Collection(Stream to, int small, byte large, int count)
    {
        if (count < 16) to.WriteByte((byte)(small | count));
        else
        {
            to.WriteByte((byte)(count <= ushort.MaxValue ? large : large + 1));
            BigEndian(to, count, count <= ushort.MaxValue ? 2 : 4);
        }
    }

    /// <summary>A head for a size of one, two or four bytes, and the size.</summary>
    static void Sized(Stream to, ReadOnlySpan<byte> heads, long size)
    {
        int which = size <= byte.MaxValue ? 0 : size <= ushort.MaxValue ? 1 : 2;
        to.WriteByte(heads[which]);
        BigEndian(to, size, 1 << which);
    }

    static void BigEndian(Stream to, long value, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, value);
        to.Write(all[(8 - bytes)..]);
    }
}
