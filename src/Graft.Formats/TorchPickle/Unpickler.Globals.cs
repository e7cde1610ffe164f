using System.Text;

namespace Graft.Formats;

/// <summary>Globals, and what is made with them.</summary>
ref partial struct Unpickler
{
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
}
