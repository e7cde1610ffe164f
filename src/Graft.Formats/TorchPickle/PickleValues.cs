namespace Graft.Formats;

// What the unpickler makes of a pickle. Strings, longs, doubles, bools, BigIntegers, byte arrays and null stand for themselves.

/// <summary>A tuple.</summary>
sealed record PyTuple(object?[] Items);

/// <summary>A list or a set.</summary>
sealed record PyList(List<object?> Items);

/// <summary>A dict of any kind, in insertion order.</summary>
sealed class PyDict
{
    HashSet<string>? texts;

    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>Adds a pair; false when the key is a text that is there already.</summary>
    public bool TryAdd(object? key, object? value)
    {
        if (key is string text && !(texts ??= new(StringComparer.Ordinal)).Add(text)) return false;
        Items.Add(new(key, value));
        return true;
    }

    public object? Find(string key)
    {
        if (texts is null || !texts.Contains(key)) return null;
        foreach ((object? one, object? value) in Items)
            if (one is string text && text == key)
                return value;
        return null;
    }
}

/// <summary>An instance of a class whose attributes are plain data, such as argparse.Namespace.</summary>
sealed class PyObject(string typeName)
{
    public string TypeName => typeName;
    public PyDict Attributes { get; } = new();
}

/// <summary>
/// A storage in the file, or a window into one. Counts are in elements; bytes when <see cref="Type"/> is null (untyped).
/// </summary>
sealed record PyStorage(string Key, ElementType? Type, long Count, long Start = 0)
{
    public int ElementSize => Type?.Size() ?? 1;
}

/// <summary>A strided view of a storage; offset and strides are in elements, and known to stay inside.</summary>
sealed record PyTensor(PyStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);

/// <summary>A numpy.dtype.</summary>
sealed class NumpyType(string code)
{
    public string Code => code;
    public bool BigEndian { get; set; }
}
