using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Graft.Formats;

/// <summary>
/// Reads the pickles that torch.save writes (protocols 2 to 5) into inert values. It is a reader of data, not a Python: the only
/// globals it knows are those of <see cref="PickleGlobal"/>, and what they do is done here. Work and memory are bounded by
/// the length of the pickle and by fixed limits, so that a hostile one can neither run anything nor exhaust the machine.
/// </summary>
ref struct Unpickler
{
    /// <summary>Operations and copied items in one pickle; a checkpoint of 10,000 tensors takes about 400,000.</summary>
    const long MaxWork = 10_000_000;

    /// <summary>Dicts, lists, tuples and objects in one pickle.</summary>
    const int MaxContainers = 2_000_000;

    const int MaxMemo = 4_000_000, MaxIntegerBytes = 64, MaxTextBytes = 16 << 20, MaxDimensions = 64;

    readonly ReadOnlySpan<byte> data;
    readonly string path;
    readonly Dictionary<string, PyStorage>? storages;
    readonly List<object?> stack = [];
    readonly List<int> marks = [];
    readonly List<object?> memo = [];
    long work;
    int containers;
    int at;

    /// <param name="path">The file, for messages.</param>
    /// <param name="data">The pickle; it may be followed by other data.</param>
    /// <param name="storages">Gets the storages that the pickle refers to; null where it must not refer to any.</param>
    public Unpickler(string path, ReadOnlySpan<byte> data, Dictionary<string, PyStorage>? storages)
    {
        this.path = path;
        this.data = data;
        this.storages = storages;
    }

    /// <summary>Bytes read so far; after <see cref="Load"/>, the length of the pickle.</summary>
    public readonly int Position => at;

    /// <exception cref="InvalidDataException">
    /// The pickle is damaged, names a global that is not on the list, or exceeds a limit.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// It holds something real that Graft cannot read, such as a quantised tensor.
    /// </exception>
    public object? Load()
    {
        while (true)
        {
            Charge(1);
            byte code = Take(1)[0];
            if (code == (byte)'.')
            {
                object? result = Pop();
                return stack.Count == 0 && marks.Count == 0 ? result : throw Bad("values are left over at its end");
            }
            Step(code);
        }
    }

    void Step(byte code)
    {
        switch (code)
        {
            case 0x80: // PROTO
                byte protocol = Take(1)[0];
                if (protocol is < 2 or > 5) throw Bad($"expected protocol 2 to 5, found {protocol}");
                break;
            case 0x95: // FRAME
                long frame = I64(Take(8));
                if (frame < 0 || frame > data.Length - at)
                    throw Bad("a frame is longer than the file: truncated, download it again");
                break;
            case (byte)'(':
                marks.Add(stack.Count);
                break;
            case (byte)'0': // POP
                if (marks.Count > 0 && marks[^1] == stack.Count) marks.RemoveAt(marks.Count - 1);
                else Pop();
                break;
            case (byte)'1': // POP_MARK
                stack.RemoveRange(Mark(), stack.Count - Mark());
                marks.RemoveAt(marks.Count - 1);
                break;
            case (byte)'2': // DUP
                stack.Add(Peek());
                break;

            case (byte)'N':
                stack.Add(null);
                break;
            case 0x88:
                stack.Add(true);
                break;
            case 0x89:
                stack.Add(false);
                break;
            case (byte)'J':
                stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case (byte)'K':
                stack.Add(Small.Of(Take(1)[0]));
                break;
            case (byte)'M':
                stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case 0x8a: // LONG1
                stack.Add(Integer(Take(1)[0]));
                break;
            case 0x8b: // LONG4
                stack.Add(Integer(Length32()));
                break;
            case (byte)'G':
                stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;

            case 0x8c: // SHORT_BINUNICODE
                stack.Add(Text(Take(1)[0]));
                break;
            case (byte)'X': // BINUNICODE
                stack.Add(Text(Length32()));
                break;
            case 0x8d: // BINUNICODE8
                stack.Add(Text(Length64()));
                break;
            case (byte)'U': // SHORT_BINSTRING, Python 2's str
                stack.Add(OldText(Take(1)[0]));
                break;
            case (byte)'T': // BINSTRING
                stack.Add(OldText(Length32()));
                break;
            case (byte)'C': // SHORT_BINBYTES
                stack.Add(Bytes(Take(1)[0]));
                break;
            case (byte)'B': // BINBYTES
                stack.Add(Bytes(Length32()));
                break;
            case 0x8e: // BINBYTES8
            case 0x96: // BYTEARRAY8
                stack.Add(Bytes(Length64()));
                break;

            case (byte)']':
            case 0x8f: // EMPTY_SET
                stack.Add(NewList([]));
                break;
            case (byte)'a': // APPEND
                object? item = Pop();
                Peek<PyList>("APPEND").Items.Add(item);
                break;
            case (byte)'e': // APPENDS
            case 0x90: // ADDITEMS
                object?[] items = PopToMark();
                Peek<PyList>("APPENDS").Items.AddRange(items);
                break;
            case (byte)'l': // LIST
            case 0x91: // FROZENSET
                stack.Add(NewList([.. PopToMark()]));
                break;
            case (byte)')':
                stack.Add(Small.EmptyTuple);
                break;
            case (byte)'t': // TUPLE
                stack.Add(NewTuple(PopToMark()));
                break;
            case 0x85: // TUPLE1
                stack.Add(NewTuple([Pop()]));
                break;
            case 0x86: // TUPLE2
                (object? second, object? first) = (Pop(), Pop());
                stack.Add(NewTuple([first, second]));
                break;
            case 0x87: // TUPLE3
                (object? c, object? b, object? a) = (Pop(), Pop(), Pop());
                stack.Add(NewTuple([a, b, c]));
                break;
            case (byte)'}':
                stack.Add(NewDict());
                break;
            case (byte)'d': // DICT
                object?[] pairs = PopToMark();
                PyDict made = NewDict();
                SetItems(made, pairs);
                stack.Add(made);
                break;
            case (byte)'s': // SETITEM
                (object? value, object? key) = (Pop(), Pop());
                SetItems(Peek<PyDict>("SETITEM"), [key, value]);
                break;
            case (byte)'u': // SETITEMS
                object?[] more = PopToMark();
                SetItems(Peek<PyDict>("SETITEMS"), more);
                break;

            case (byte)'q': // BINPUT
                Put(Take(1)[0]);
                break;
            case (byte)'r': // LONG_BINPUT
                Put(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case 0x94: // MEMOIZE
                Put((uint)memo.Count);
                break;
            case (byte)'h': // BINGET
                stack.Add(Get(Take(1)[0]));
                break;
            case (byte)'j': // LONG_BINGET
                stack.Add(Get(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;

            case (byte)'c': // GLOBAL
                string module = Line();
                stack.Add(Global(module, Line()));
                break;
            case 0x93: // STACK_GLOBAL
                (string name, string of) = (Pop<string>("STACK_GLOBAL"), Pop<string>("STACK_GLOBAL"));
                stack.Add(Global(of, name));
                break;
            case (byte)'R': // REDUCE
            case 0x81: // NEWOBJ
                PyTuple arguments = Pop<PyTuple>("REDUCE");
                stack.Add(Call(Pop<PickleGlobal>("REDUCE"), arguments.Items));
                break;
            case 0x92: // NEWOBJ_EX
                PyDict named = Pop<PyDict>("NEWOBJ_EX");
                PyTuple positional = Pop<PyTuple>("NEWOBJ_EX");
                if (named.Items.Count > 0) throw Bad("an object is made with named arguments");
                stack.Add(Call(Pop<PickleGlobal>("NEWOBJ_EX"), positional.Items));
                break;
            case (byte)'b': // BUILD
                object? state = Pop();
                SetState(Peek(), state);
                break;
            case (byte)'Q': // BINPERSID
                stack.Add(Persistent(Pop<PyTuple>("BINPERSID").Items));
                break;

            default:
                throw Bad($"unexpected operation 0x{code:x2}, which torch.save does not write");
        }
    }

    // Globals and what is made with them

    readonly PickleGlobal Global(string module, string name)
    {
        string full = $"{module}.{name}";
        if (PickleGlobal.Find(full) is not { } found)
            throw new InvalidDataException(
                $"{path}: refused: it asks for '{Printable(full)}', which is not part of weights. Nothing in it was run. "
                + "If it comes from you, save only the tensors: torch.save(model.state_dict(), ...)");
        if (found.Call == PickleCall.NotSupported)
            throw new NotSupportedException($"{path}: it holds a tensor of a kind that Graft cannot read ({full})");
        return found;
    }

    object? Call(PickleGlobal global, object?[] arguments)
    {
        Charge(arguments.Length);
        switch (global.Call)
        {
            case PickleCall.Dict:
            case PickleCall.DefaultDict:
                return CallDict(global, arguments);
            case PickleCall.Set when arguments is []:
                return NewList([]);
            case PickleCall.Set when arguments is [PyList list]:
                Charge(list.Items.Count);
                return NewList([.. list.Items]);
            case PickleCall.Tensor when arguments.Length == 4:
            case PickleCall.TensorV2 when arguments.Length is 6 or 7:
                if (arguments is [_, _, _, _, _, _, PyDict bits]) RefuseBits(bits);
                return Tensor(arguments, null);
            case PickleCall.TensorV3 when arguments.Length is 7 or 8
                && arguments[6] is PickleGlobal { Call: PickleCall.DataType } type:
                if (arguments is [.., PyDict more] && arguments.Length == 8) RefuseBits(more);
                return Tensor(
                    arguments, type.Type ?? throw new NotSupportedException($"{path}: it holds a tensor of type {type.Name}"));
            case PickleCall.Parameter when arguments is [PyTensor tensor, ..]:
                return tensor;
            case PickleCall.FromType
                when arguments is [PickleGlobal make, PickleGlobal { Call: PickleCall.TensorType }, PyTuple inner, _]
                && make.Call is PickleCall.Tensor or PickleCall.TensorV2 or PickleCall.TensorV3 or PickleCall.Parameter:
                return Call(make, inner.Items);
            case PickleCall.Size when arguments is []:
                return Small.EmptyTuple;
            case PickleCall.Size when arguments is [PyTuple sizes]:
                return sizes;
            case PickleCall.Size when arguments is [PyList sizes]:
                Charge(sizes.Items.Count);
                return NewTuple([.. sizes.Items]);
            case PickleCall.Text when arguments is [string device, long index]:
                Charge(device.Length);
                return $"{device}:{index}";
            case PickleCall.Text when arguments is [string text]:
                return text;
            case PickleCall.Path:
                return JoinPath(arguments);
            case PickleCall.Encode when arguments is [string text, string encoding] && encoding is "latin1" or "latin-1":
                Charge(text.Length);
                return Encoding.Latin1.GetBytes(text);
            case PickleCall.Bytes when arguments is []:
                return Array.Empty<byte>();
            case PickleCall.Bytes when arguments is [byte[] bytes]:
                return bytes;
            case PickleCall.NumpyType when arguments is [string code, ..] && code.Length <= 16:
                CountContainer();
                return new NumpyType(code);
            case PickleCall.NumpyScalar when arguments is [NumpyType type, byte[] bytes]:
                return NumpyScalar(type, bytes);
            case PickleCall.Plain when arguments is []:
                CountContainer();
                return new PyObject(global.Name);
            default:
                throw Bad($"{global.Name} is called in a way that torch.save does not");
        }
    }

    object CallDict(PickleGlobal global, object?[] arguments)
    {
        PyDict dict = NewDict();
        if (global.Call == PickleCall.DefaultDict && arguments is [null or PickleGlobal, ..]) arguments = arguments[1..];
        switch (arguments)
        {
            case []:
                return dict;
            case [PyDict source]:
                Charge(source.Items.Count);
                foreach ((object? key, object? value) in source.Items) SetItems(dict, [key, value]);
                return dict;
            case [PyList pairs]: // as Python 2 pickled an OrderedDict
                Charge(pairs.Items.Count);
                foreach (object? pair in pairs.Items)
                    SetItems(dict, pair switch
                    {
                        PyTuple { Items.Length: 2 } tuple => tuple.Items,
                        PyList { Items.Count: 2 } list => [.. list.Items],
                        _ => throw Bad($"{global.Name} is made of something other than pairs"),
                    });
                return dict;
            default:
                throw Bad($"{global.Name} is called in a way that torch.save does not");
        }
    }

    readonly PyTensor Tensor(object?[] arguments, ElementType? untypedAs)
    {
        if (arguments[0] is not PyStorage storage || arguments[1] is not long offset)
            throw Bad("a tensor is made of something else");
        ElementType type = untypedAs ?? storage.Type ?? throw Bad("a tensor has an untyped storage and no type of its own");
        if (storage.Type is { } own && own != type)
            throw Bad($"a tensor of type {type.TorchName()} has a storage of {own.TorchName()}");
        long[] shape = Sizes(arguments[2], "shape"), strides = Sizes(arguments[3], "strides");
        if (shape.Length != strides.Length) throw Bad($"a tensor has {shape.Length} sizes and {strides.Length} strides");
        if (offset < 0 || !ArrayEntry.TryCount(shape, out long count) || !ArrayEntry.TryMultiply(count, type.Size(), out _))
            throw Bad("a tensor's shape or offset is negative or does not fit 64 bits");

        // The last element that the view reaches must be inside of the storage.
        long available = storage.Count / (storage.Type is null ? type.Size() : 1);
        Int128 end = count == 0 ? 0 : (Int128)offset + 1;
        for (int i = 0; i < shape.Length && count > 0; i++) end += (Int128)(shape[i] - 1) * strides[i];
        if (end > available)
            throw Bad(
                $"a tensor [{string.Join(", ", shape)}] reaches element {end} of its storage "
                + $"'{Printable(storage.Key)}', which has {available}");
        return new(storage, type, offset, shape, strides);
    }

    readonly long[] Sizes(object? value, string what)
    {
        if (value is not PyTuple { Items: var items } || items.Length > MaxDimensions)
            throw Bad($"a tensor's {what} is not a tuple of at most {MaxDimensions} numbers");
        long[] sizes = new long[items.Length];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = items[i] is long size and >= 0 ? size
                : throw Bad($"a tensor's {what} holds something other than numbers of at least 0");
        return sizes;
    }

    /// <summary>Views that are to be negated or conjugated when they are read.</summary>
    readonly void RefuseBits(PyDict bits)
    {
        foreach (string bit in (ReadOnlySpan<string>)["neg", "conj"])
            if (bits.Find(bit) is true)
                throw new NotSupportedException(
                    $"{path}: it holds a lazily negated or conjugated tensor: save it again after .resolve_neg()");
    }

    /// <summary>
    /// ('storage', type, key, location, count[, view]), where an old view is (key, offset, count) into that storage.
    /// </summary>
    readonly PyStorage Persistent(object?[] id)
    {
        if (storages is null || id.Length is not (5 or 6) || id[0] is not "storage"
            || id[1] is not PickleGlobal { Call: PickleCall.Storage } type || id[4] is not long count || count < 0
            || !ArrayEntry.TryMultiply(count, type.Type?.Size() ?? 1, out _))
            throw Bad("it refers to something other than a storage of tensors");
        string key = id[2] as string ?? (id[2] is long number ? number.ToString() : throw Bad("a storage has no key"));
        PyStorage storage = new(key, type.Type, count);
        if (!storages.TryAdd(key, storage) && storages[key] != storage)
            throw Bad($"the storage '{Printable(key)}' is described in two ways");
        if (id is not [.., PyTuple { Items: var view }] || id.Length == 5) return storage;
        if (view is not [_, long start, long length] || start < 0 || length < 0 || start > count - length)
            throw Bad($"a view of the storage '{Printable(key)}' lies outside of it");
        return storage with { Start = start, Count = length };
    }

    readonly object? NumpyScalar(NumpyType type, byte[] bytes)
    {
        if (type.BigEndian) throw new NotSupportedException($"{path}: it holds a big-endian NumPy number");
        ElementType? element = type.Code switch
        {
            "b1" => ElementType.Bool,
            "i1" => ElementType.Int8,
            "i2" => ElementType.Int16,
            "i4" => ElementType.Int32,
            "i8" => ElementType.Int64,
            "u1" => ElementType.UInt8,
            "u2" => ElementType.UInt16,
            "u4" => ElementType.UInt32,
            "u8" => ElementType.UInt64,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            _ => null,
        };
        if (element is not { } known) return new PyObject($"numpy.{Printable(type.Code)}");
        if (bytes.Length != known.Size()) throw Bad($"a NumPy {type.Code} has {bytes.Length} bytes");
        return PickleText.Number(known, bytes);
    }

    string JoinPath(object?[] parts)
    {
        StringBuilder joined = new();
        foreach (object? part in parts)
        {
            if (part is not string text) throw Bad("a path is made of something other than texts");
            Charge(text.Length);
            if (joined.Length > 0 && joined[^1] != '/') joined.Append('/');
            joined.Append(text);
        }
        return joined.ToString();
    }

    void SetState(object? target, object? state)
    {
        switch (target, state)
        {
            case (PyDict, PyDict): // the _metadata of a state dict: versions of modules, not needed
                break;
            case (PyObject thing, PyDict attributes):
                Charge(attributes.Items.Count);
                foreach ((object? key, object? value) in attributes.Items) SetItems(thing.Attributes, [key, value]);
                break;
            case (NumpyType type, PyTuple { Items: [_, string order, ..] }):
                type.BigEndian = order == ">";
                break;
            default:
                throw Bad("it sets the state of something that has none");
        }
    }

    // Containers

    readonly void SetItems(PyDict dict, object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw Bad("a dict has a key without a value");
        for (int i = 0; i < pairs.Length; i += 2)
            if (!dict.TryAdd(pairs[i], pairs[i + 1]))
                throw Bad($"the key '{Printable((string)pairs[i]!)}' appears twice in one dict");
    }

    PyDict NewDict()
    {
        CountContainer();
        return new();
    }

    PyList NewList(List<object?> items)
    {
        CountContainer();
        return new(items);
    }

    PyTuple NewTuple(object?[] items)
    {
        CountContainer();
        return new(items);
    }

    void CountContainer()
    {
        if (++containers > MaxContainers) throw Bad($"it has more than {MaxContainers} containers, which no weights need");
    }

    void Charge(long amount)
    {
        if ((work += amount) > MaxWork) throw Bad($"it takes more than {MaxWork} steps, which no weights need");
    }

    // The stack

    object? Pop()
    {
        int last = stack.Count - 1;
        if (last < 0 || marks.Count > 0 && marks[^1] > last) throw Bad("it takes more values than it has");
        object? value = stack[last];
        stack.RemoveAt(last);
        return value;
    }

    T Pop<T>(string operation) => Pop() is T value ? value : throw Bad($"{operation} of something else than expected");

    readonly object? Peek() =>
        stack.Count > 0 && (marks.Count == 0 || marks[^1] < stack.Count) ? stack[^1]
            : throw Bad("it takes more values than it has");

    readonly T Peek<T>(string operation) => Peek() is T value ? value : throw Bad($"{operation} to something else than expected");

    readonly int Mark() => marks.Count > 0 ? marks[^1] : throw Bad("a mark is missing");

    object?[] PopToMark()
    {
        int mark = Mark();
        object?[] items = new object?[stack.Count - mark];
        stack.CopyTo(mark, items, 0, items.Length);
        stack.RemoveRange(mark, items.Length);
        marks.RemoveAt(marks.Count - 1);
        return items;
    }

    /// <summary>Python numbers its memo from 0 in order; gaps come only from optimised pickles and are small.</summary>
    readonly void Put(uint index)
    {
        object? value = Peek();
        if (index >= MaxMemo || index > at) throw Bad($"a memo of number {index}, which no pickle of this length needs");
        while (memo.Count <= index) memo.Add(Small.Absent);
        memo[(int)index] = value;
    }

    readonly object? Get(uint index) =>
        index < memo.Count && memo[(int)index] != Small.Absent ? memo[(int)index]
            : throw Bad($"memo {index} is asked for before it is set");

    // The bytes

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > data.Length - at) throw Bad("it ends too early: truncated, download it again");
        ReadOnlySpan<byte> bytes = data.Slice(at, count);
        at += count;
        return bytes;
    }

    ReadOnlySpan<byte> TakeText(int length) =>
        length <= MaxTextBytes ? Take(length) : throw Bad($"a text of {length} bytes, which no weights need");

    int Length32()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        return length <= data.Length - at ? (int)length : throw Bad("it ends too early: truncated, download it again");
    }

    int Length64()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= (ulong)(data.Length - at) ? (int)length : throw Bad("it ends too early: truncated, download it again");
    }

    object Integer(int length)
    {
        if (length > MaxIntegerBytes) throw Bad($"a number of {length} bytes");
        BigInteger value = new(Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    byte[] Bytes(int length) => TakeText(length).ToArray();

    string Text(int length) => Encoding.UTF8.GetString(TakeText(length));

    /// <summary>
    /// Python 2 did not say whether a str was text; PyTorch takes it for UTF-8, and so did nearly all who wrote one.
    /// </summary>
    string OldText(int length)
    {
        ReadOnlySpan<byte> bytes = TakeText(length);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    string Line()
    {
        ReadOnlySpan<byte> rest = data.Slice(at, Math.Min(1024, data.Length - at));
        int length = rest.IndexOf((byte)'\n');
        if (length < 0) throw Bad("the name of a global does not end");
        at += length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    static long I64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    static string Printable(string text) => PickleText.Printable(text);

    readonly InvalidDataException Bad(string what) => new($"{path}: bad pickle at byte {at}: {what}");

    static class Small
    {
        public static readonly object Absent = new();
        public static readonly PyTuple EmptyTuple = new([]);
        static readonly object[] numbers = [.. Enumerable.Range(0, 256).Select(number => (object)(long)number)];

        public static object Of(byte number) => numbers[number];
    }
}
