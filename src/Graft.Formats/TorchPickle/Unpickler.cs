using System.Buffers.Binary;

namespace Graft.Formats;

/// <summary>
/// Reads the pickles that torch.save writes (protocols 2 to 5) into inert values. It is a reader of data, not a Python: the only
/// globals it knows are those of <see cref="PickleGlobal"/>, and what they do is done here. Work and memory are bounded by
/// the length of the pickle and by fixed limits, so that a hostile one can neither run anything nor exhaust the machine.
/// </summary>
ref partial struct Unpickler
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
}
