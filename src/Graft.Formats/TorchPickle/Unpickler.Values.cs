using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Graft.Formats;

/// <summary>Containers, the stack and the memo, and the bytes of the pickle.</summary>
ref partial struct Unpickler
{
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
