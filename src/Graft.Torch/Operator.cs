using System.Collections.Concurrent;
using System.Text;
using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>
/// One of libtorch's operators, found by its schema and called through the boxed dispatcher, with autograd, on any device. This
/// is the one door to libtorch: every tensor operation of Graft goes through <see cref="Call"/>.
/// </summary>
/// <example>
/// <code>
/// static readonly Operator gelu = new("aten::gelu(Tensor self, *, str approximate='none') -> Tensor");
/// public Tensor Gelu(bool tanh = false) => gelu.Call(this, tanh ? "tanh" : "none");
/// </code>
/// </example>
public sealed unsafe class Operator
{
    const int MaxResults = 8;
    static readonly ConcurrentDictionary<string, Operator> declared = new();
    [ThreadStatic] static IOperatorObserver? observer;

    nint handle;

    /// <summary>Declares an operator by its schema; libtorch is asked for it at the first call.</summary>
    /// <param name="schema"><c>namespace::name.overload(arguments) -> results</c>, as libtorch registers it.</param>
    public Operator(string schema)
    {
        Schema = schema;
        int end = schema.IndexOf('(');
        string qualified = end < 0 ? schema : schema[..end];
        int dot = qualified.IndexOf('.');
        Name = dot < 0 ? qualified : qualified[..dot];
        Overload = dot < 0 ? "" : qualified[(dot + 1)..];
        declared.TryAdd(qualified, this);
    }

    /// <summary>The schema as it was declared here.</summary>
    public string Schema { get; }

    /// <summary>The qualified name, such as <c>aten::add</c>.</summary>
    public string Name { get; }

    /// <summary>The overload, such as <c>Tensor</c>; empty for the default one.</summary>
    public string Overload { get; }

    /// <summary>All operators that this process has declared so far.</summary>
    public static IReadOnlyCollection<Operator> Declared => (IReadOnlyCollection<Operator>)declared.Values;

    /// <summary>Whether the linked libtorch has this operator.</summary>
    public bool Exists => handle != 0 || Find() != 0;

    /// <summary>The schema as the linked libtorch registers it.</summary>
    /// <exception cref="TorchException">The linked libtorch does not have this operator.</exception>
    public string RegisteredSchema()
    {
        const int Capacity = 8192;
        byte* buffer = stackalloc byte[Capacity];
        int length = Native.graft_operator_schema(Resolve(), buffer, Capacity);
        Native.Check(length, Name);
        return Encoding.UTF8.GetString(buffer, Math.Min(length, Capacity));
    }

    /// <summary>Lets an observer see the calling thread's calls until the result is disposed.</summary>
    public static Observation Observe(IOperatorObserver by)
    {
        IOperatorObserver? previous = observer;
        observer = by;
        return new Observation(previous);
    }

    /// <summary>Calls the operator for its first result.</summary>
    /// <exception cref="TorchException">libtorch refused the arguments; the message has their shapes.</exception>
    public Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results);
        if (count < 1 || results[0].Tag != ValueTag.Tensor)
        {
            Free(results, count, from: 0);
            throw new TorchException(
                $"{Name}: expected a tensor as the first result, came {(count < 1 ? "nothing" : results[0].Tag)}");
        }
        Free(results, count, from: 1);
        Tensor result = Tensor.Adopt(results[0].Pointer);
        observer?.OnCalled(this, arguments, [result]);
        return result;
    }

    /// <summary>Calls the operator for two results.</summary>
    /// <exception cref="TorchException">libtorch refused the arguments; the message has their shapes.</exception>
    public (Tensor First, Tensor Second) CallForTwo(params ReadOnlySpan<Value> arguments)
    {
        Tensor?[] all = CallForMany(arguments);
        return (all[0]!, all[1]!);
    }

    /// <summary>Calls the operator for all its tensor results; where the one result is a list, for that list.</summary>
    /// <exception cref="TorchException">libtorch refused the arguments; the message has their shapes.</exception>
    public Tensor?[] CallForMany(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results);
        Tensor?[] tensors;
        if (count == 1 && results[0].Tag == ValueTag.TensorList)
        {
            tensors = new Tensor?[results[0].Count];
            nint* items = (nint*)results[0].Pointer;
            for (int i = 0; i < tensors.Length; i++) tensors[i] = items[i] == 0 ? null : Tensor.Adopt(items[i]);
            Native.graft_free(results[0].Pointer);
        }
        else
        {
            tensors = new Tensor?[count];
            for (int i = 0; i < count; i++)
                if (results[i].Tag == ValueTag.Tensor) tensors[i] = Tensor.Adopt(results[i].Pointer);
                else Free(results, i + 1, from: i);
        }
        observer?.OnCalled(this, arguments, tensors);
        return tensors;
    }

    /// <summary>Calls the operator for what it does to its arguments; results are dropped.</summary>
    /// <exception cref="TorchException">libtorch refused the arguments; the message has their shapes.</exception>
    public void Run(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results);
        Free(results, count, from: 0);
        observer?.OnCalled(this, arguments, []);
    }

    /// <summary>Calls the operator for a number: an int, a float or a bool (as 0 or 1).</summary>
    /// <exception cref="TorchException">libtorch refused the arguments, or the result is no number.</exception>
    public double CallForNumber(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MaxResults];
        int count = Invoke(arguments, results);
        if (count == 1 && results[0].Tag is ValueTag.Double) return results[0].Number;
        if (count == 1 && results[0].Tag is ValueTag.Int or ValueTag.Bool) return results[0].Integer;
        Free(results, count, from: 0);
        throw new TorchException($"{Name}: expected a number as the result");
    }

    /// <summary>The schema.</summary>
    public override string ToString() => Schema;

    int Invoke(ReadOnlySpan<Value> arguments, NativeValue* results)
    {
        nint op = Resolve();
        int scratchBytes = 0;
        foreach (ref readonly Value argument in arguments) scratchBytes += ScratchBytes(in argument);

        const int StackLimit = 8192;
        byte* scratch = stackalloc byte[scratchBytes <= StackLimit ? scratchBytes : 0];
        byte[]? rented = null;
        if (scratchBytes > StackLimit) rented = GC.AllocateUninitializedArray<byte>(scratchBytes, pinned: true);
        byte* at = rented is null ? scratch : (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref rented[0]);

        NativeValue* values = stackalloc NativeValue[arguments.Length];
        for (int i = 0; i < arguments.Length; i++) values[i] = Marshal(in arguments[i], ref at);

        int count = Native.graft_call(op, values, arguments.Length, results, MaxResults);
        foreach (ref readonly Value argument in arguments) GC.KeepAlive(argument.Reference);
        GC.KeepAlive(rented);
        if (count < 0) throw Failure(arguments);
        return count;
    }

    TorchException Failure(ReadOnlySpan<Value> arguments)
    {
        string reason = Native.LastError();
        var shown = new StringBuilder();
        foreach (ref readonly Value argument in arguments)
        {
            if (shown.Length > 0) shown.Append(", ");
            shown.Append(argument.ToString());
        }
        return new TorchException($"{Name}({shown}): {reason}");
    }

    static int ScratchBytes(in Value value) => value.Reference switch
    {
        string text => Encoding.UTF8.GetMaxByteCount(text.Length) + 7 & ~7,
        bool[] flags => flags.Length * 8,
        Array list => list.Length * 8,
        _ => 0,
    };

    static NativeValue Marshal(in Value value, ref byte* at)
    {
        var native = new NativeValue { Tag = value.Tag };
        switch (value.Reference)
        {
            case null:
                native.Integer = value.Bits;
                break;
            case Tensor tensor:
                native.Pointer = tensor.Handle;
                break;
            case string text:
                native.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(at, Encoding.UTF8.GetMaxByteCount(text.Length)));
                native.Pointer = (nint)at;
                at += Encoding.UTF8.GetMaxByteCount(text.Length) + 7 & ~7;
                break;
            case Tensor?[] tensors:
                native.Count = tensors.Length;
                native.Pointer = (nint)at;
                foreach (Tensor? tensor in tensors) Put(tensor?.Handle ?? 0, ref at);
                break;
            case long[] numbers:
                native.Count = numbers.Length;
                native.Pointer = (nint)at;
                foreach (long number in numbers) Put((nint)number, ref at);
                break;
            case double[] numbers:
                native.Count = numbers.Length;
                native.Pointer = (nint)at;
                foreach (double number in numbers) Put((nint)BitConverter.DoubleToInt64Bits(number), ref at);
                break;
            case bool[] flags:
                native.Count = flags.Length;
                native.Pointer = (nint)at;
                foreach (bool flag in flags) Put(flag ? 1 : 0, ref at);
                break;
        }
        return native;
    }

    static void Put(nint item, ref byte* at)
    {
        *(nint*)at = item;
        at += sizeof(nint);
    }

    static void Free(NativeValue* results, int count, int from)
    {
        for (int i = from; i < count; i++)
        {
            if (results[i].Tag == ValueTag.Tensor) Native.graft_tensor_release(results[i].Pointer);
            if (results[i].Tag == ValueTag.TensorList)
                for (int k = 0; k < results[i].Count; k++) Native.graft_tensor_release(((nint*)results[i].Pointer)[k]);
            if (results[i].Tag is ValueTag.TensorList or ValueTag.IntList) Native.graft_free(results[i].Pointer);
        }
    }

    nint Resolve() => handle != 0 ? handle : Native.Check(Find(), $"{Name}.{Overload}");

    nint Find()
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(Name + '\0'))
        fixed (byte* overload = Encoding.UTF8.GetBytes(Overload + '\0'))
            return handle = Native.graft_operator_find(name, overload);
    }

    internal static void Restore(IOperatorObserver? previous) => observer = previous;
}
