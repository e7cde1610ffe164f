using System.Globalization;
using System.Text;

namespace Graft.Formats;

/// <summary>
/// Walks the nested maps of a Flax file and notes where its arrays lie. An array is an extension of type 1 that holds a shape,
/// the name of a NumPy type and the bytes; one of more than a gigabyte is a map of a shape and of flat pieces.
/// </summary>
sealed class FlaxTree
{
    const int MaxDepth = 64, MaxRank = 64, MaxPieces = 1 << 16, MaxKeyBytes = 4096, MaxTextBytes = 4096, MaxMetadata = 10_000;
    const int ArrayExtension = 1, ComplexExtension = 2, ScalarExtension = 3;
    const string PiecesKey = "__msgpack_chunked_array__";

    static readonly string[] otherTypes = ["complex", "float8", "float6", "float4", "float128", "longdouble", "int4", "uint4",
        "int2", "uint2", "datetime", "timedelta"];

    readonly MappedFile file;
    readonly MsgpackReader reader;
    readonly StringBuilder path = new();
    readonly long maxNameCharacters;
    long nameCharacters;

    FlaxTree(MappedFile file)
    {
        this.file = file;
        reader = new(file, 0, file.Length);
        // a long key over many small arrays is in the file once, but in each of their names
        maxNameCharacters = (1 << 20) + 4 * Math.Min(file.Length, 1 << 26);
    }

    public List<ArrayEntry> Entries { get; } = [];

    /// <summary>Where each of the entries lies: one piece, or several that follow one another.</summary>
    public List<FlaxPiece[]> Places { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file is damaged or has no arrays.</exception>
    /// <exception cref="NotSupportedException">It has arrays that Graft cannot read.</exception>
    public static FlaxTree Read(MappedFile file)
    {
        FlaxTree tree = new(file);
        if (tree.reader.Next() != MsgpackKind.Map)
            throw new InvalidDataException($"{file.Path}: expected the nested maps of a Flax file, found something else");
        tree.ReadMap(depth: 0);
        if (!tree.reader.IsAtEnd)
            throw new InvalidDataException($"{file.Path}: bad msgpack: {file.Length - tree.reader.Position} bytes after its end");
        if (tree.Entries.Count == 0) throw new InvalidDataException($"{file.Path}: is msgpack, but holds no arrays");
        return tree;
    }

    void ReadMap(int depth)
    {
        long count = reader.Count;
        if (depth == MaxDepth) throw reader.Bad($"its maps are nested more than {MaxDepth} deep");
        HashSet<string> keys = new(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            string key = ReadKey();
            if (!keys.Add(key)) throw reader.Bad($"the key '{PickleText.Printable(key)}' stands twice in one map");
            if (key == PiecesKey)
            {
                if (i > 0) throw reader.Bad($"{PiecesKey} is not the first key of its map");
                ReadPieces(count);
                return;
            }
            int length = Descend(depth);
            path.Append(key);
            ReadValue(depth);
            path.Length = length;
        }
    }

    void ReadArray(int depth)
    {
        long count = reader.Count;
        if (depth == MaxDepth) throw reader.Bad($"its lists are nested more than {MaxDepth} deep");
        for (long i = 0; i < count; i++)
        {
            int length = Descend(depth);
            path.Append(i);
            ReadValue(depth);
            path.Length = length;
        }
    }

    string ReadKey()
    {
        switch (reader.Next())
        {
            case MsgpackKind.Text or MsgpackKind.Binary: return reader.TakeText(MaxKeyBytes);
            case MsgpackKind.Integer: return reader.Integer.ToString(CultureInfo.InvariantCulture);
            default: throw reader.Bad($"a key is of kind {reader.Kind}, expected a text");
        }
    }

    /// <summary>Prepares the path for a key; returns how long it was.</summary>
    int Descend(int depth)
    {
        int length = path.Length;
        if (depth > 0) path.Append('.');
        return length;
    }

    /// <summary>Reads what stands at the path.</summary>
    void ReadValue(int depth)
    {
        switch (reader.Next())
        {
            case MsgpackKind.Map: ReadMap(depth + 1); break;
            case MsgpackKind.Array: ReadArray(depth + 1); break;
            case MsgpackKind.Extension: ReadExtension(); break;
            case MsgpackKind.Binary: reader.Skip(); break;
            case MsgpackKind.Text when reader.Count > MaxTextBytes || Metadata.Count == MaxMetadata: reader.Skip(); break;
            case MsgpackKind.Nil or MsgpackKind.Truth or MsgpackKind.Integer or MsgpackKind.Number
                when Metadata.Count == MaxMetadata:
                break;
            case MsgpackKind.Text: Remark(reader.TakeText(MaxTextBytes)); break;
            case MsgpackKind.Nil: Remark(null); break;
            case MsgpackKind.Truth: Remark(reader.Integer != 0); break;
            case MsgpackKind.Integer: Remark(reader.Integer); break;
            default: Remark(reader.Number); break;
        }
    }

    /// <summary>What is no array is kept as a text, as long as there is little of it.</summary>
    void Remark(object? value)
    {
        if (PickleText.Of(value) is { } text) Metadata.TryAdd(Name(), text);
    }

    void ReadExtension()
    {
        int type = reader.Extension;
        switch (type)
        {
            case ArrayExtension:
                (ElementType element, long[] shape, FlaxPiece piece) = ReadNdarray(reader.Within());
                Add(element, shape, [piece]);
                break;
            case ScalarExtension:
                (element, shape, piece) = ReadNdarray(reader.Within());
                if (shape.Length > 0) throw reader.Bad($"'{Shown()}' is a NumPy scalar with sizes");
                if (Metadata.Count < MaxMetadata) Remark(PickleText.Number(element, file.Span(piece.Start, (int)piece.Length)));
                break;
            case ComplexExtension:
                throw new NotSupportedException($"{file.Path}: '{Shown()}' is a complex number, which Graft cannot compute with");
            default:
                throw new NotSupportedException(
                    $"{file.Path}: '{Shown()}' is of msgpack's extension type {type}: expected an array of Flax (type 1)");
        }
    }

    (ElementType Type, long[] Shape, FlaxPiece Piece) ReadNdarray(MsgpackReader inner)
    {
        if (inner.Next() != MsgpackKind.Array || inner.Count != 3)
            throw inner.Bad($"'{Shown()}' is not an array of shape, type and bytes");
        if (inner.Next() != MsgpackKind.Array || inner.Count > MaxRank) throw inner.Bad($"'{Shown()}' has no shape");
        long[] shape = new long[inner.Count];
        for (int i = 0; i < shape.Length; i++) shape[i] = ReadSize(inner);
        if (inner.Next() is not (MsgpackKind.Text or MsgpackKind.Binary)) throw inner.Bad($"'{Shown()}' has no type");
        ElementType type = TypeOf(inner.TakeText(64), inner);
        if (inner.Next() is not (MsgpackKind.Binary or MsgpackKind.Text)) throw inner.Bad($"'{Shown()}' has no bytes");
        FlaxPiece piece = new(inner.Position, inner.Count);
        inner.Skip();
        if (!inner.IsAtEnd) throw inner.Bad($"'{Shown()}' has something after its bytes");
        CheckLength(type, shape, piece.Length);
        return (type, shape, piece);
    }

    long ReadSize(MsgpackReader from) => from.Next() == MsgpackKind.Integer && from.Integer >= 0
        ? from.Integer
        : throw from.Bad($"a size of '{Shown()}' is not a whole number of at least 0");

    ElementType TypeOf(string name, MsgpackReader inner)
    {
        if (ElementTypes.TryParseTorch(name, out ElementType type)) return type;
        if (otherTypes.Any(other => name.StartsWith(other, StringComparison.Ordinal)))
            throw new NotSupportedException(
                $"{file.Path}: '{Shown()}' is of type {PickleText.Printable(name)}, which Graft cannot read: "
                + "convert it to float32");
        throw inner.Bad($"'{Shown()}' is of an unknown type '{PickleText.Printable(name)}'");
    }

    void CheckLength(ElementType type, long[] shape, long length)
    {
        if (!ArrayEntry.TryCount(shape, out long count) || !ArrayEntry.TryMultiply(count, type.Size(), out long needed))
            throw reader.Bad($"the shape of '{Shown()}' has more elements than fit 64 bits");
        if (needed != length)
            throw reader.Bad(
                $"'{Shown()}' {type.TorchName()} [{string.Join(", ", shape.Take(16))}] needs {needed} bytes, found {length}");
    }

    /// <summary>The rest of a map that stands for one large array: its shape, and its flat pieces in their order.</summary>
    void ReadPieces(long count)
    {
        MsgpackKind marker = reader.Next(); // true, or an empty tuple
        if (marker is not (MsgpackKind.Truth or MsgpackKind.Nil or MsgpackKind.Array or MsgpackKind.Integer) || reader.Count > 0)
            throw reader.Bad($"'{Shown()}': {PiecesKey} is not a plain value");
        long[]? shape = null;
        List<(ElementType Type, FlaxPiece Piece)>? pieces = null;
        for (long i = 1; i < count; i++)
        {
            string key = ReadKey();
            if (key == "shape" && shape is null) shape = [.. ReadNumbered(MaxRank, () => ReadSize(reader))];
            else if (key == "chunks" && pieces is null) pieces = ReadNumbered(MaxPieces, ReadPiece);
            else throw reader.Bad($"'{Shown()}' is an array in pieces with the key '{PickleText.Printable(key)}'");
        }
        if (shape is null || pieces is not [var first, ..])
            throw reader.Bad($"'{Shown()}' is an array in pieces without {(shape is null ? "a shape" : "pieces")}");
        long length = 0;
        foreach ((ElementType type, FlaxPiece piece) in pieces)
        {
            if (type != first.Type) throw reader.Bad($"the pieces of '{Shown()}' are of several types");
            length += piece.Length; // each lies in the file
        }
        CheckLength(first.Type, shape, length);
        Add(first.Type, shape, [.. pieces.Select(one => one.Piece)]);
    }

    (ElementType, FlaxPiece) ReadPiece()
    {
        if (reader.Next() != MsgpackKind.Extension || reader.Extension != ArrayExtension)
            throw reader.Bad($"a piece of '{Shown()}' is not an array");
        (ElementType type, _, FlaxPiece piece) = ReadNdarray(reader.Within());
        return (type, piece);
    }

    /// <summary>A list, or a map whose keys number its items: Flax writes tuples so.</summary>
    List<T> ReadNumbered<T>(int most, Func<T> readItem)
    {
        bool isMap = reader.Next() == MsgpackKind.Map;
        if (!isMap && reader.Kind != MsgpackKind.Array) throw reader.Bad($"'{Shown()}': expected a numbered map");
        if (reader.Count > most) throw reader.Bad($"'{Shown()}' has {reader.Count} sizes or pieces, at most {most} make sense");
        int count = (int)reader.Count;
        SortedDictionary<int, T> items = [];
        for (int i = 0; i < count; i++)
        {
            int number = i;
            if (isMap
                && (!int.TryParse(ReadKey(), NumberStyles.None, CultureInfo.InvariantCulture, out number) || number >= count))
                throw reader.Bad($"'{Shown()}': its sizes or pieces are not numbered from 0 to {count - 1}");
            if (!items.TryAdd(number, readItem())) throw reader.Bad($"'{Shown()}': two sizes or pieces have number {number}");
        }
        return [.. items.Values];
    }

    void Add(ElementType type, long[] shape, FlaxPiece[] pieces)
    {
        Entries.Add(new(Name(), type, Array.AsReadOnly(shape)));
        Places.Add(pieces);
    }

    string Name()
    {
        if ((nameCharacters += path.Length) > maxNameCharacters)
            throw new InvalidDataException($"{file.Path}: the names of its arrays are longer than any weights need");
        return path.ToString();
    }

    /// <summary>The name of what is being read, for errors.</summary>
    string Shown() => PickleText.Printable(path.Length <= 200 ? path.ToString() : path.ToString(0, 200) + "...");
}
