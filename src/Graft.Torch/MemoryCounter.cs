namespace Graft.Torch;

/// <summary>
/// Adds up the memory of what operators make while it watches: about what a training step keeps for its backward. Views and what
/// is changed in place cost nothing; what an operator keeps beside its result (the places that a maximum came from, the mask of
/// dropout) is counted where it is known of.
/// </summary>
public sealed class MemoryCounter : IOperatorObserver
{
    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>Bytes of the largest result.</summary>
    public long Largest { get; private set; }

    /// <inheritdoc/>
    public void OnCalled(Operator op, ReadOnlySpan<Value> arguments, ReadOnlySpan<Tensor?> results)
    {
        ArgumentNullException.ThrowIfNull(op);
        foreach (Tensor? result in results)
        {
            if (result is null || IsOfAnArgument(result.DataPointer, arguments)) continue;
            long bytes = result.ElementCount * result.DType.Size();
            Largest = Math.Max(Largest, bytes);
            Total += bytes + op.Name switch
            {
                "aten::max_pool2d" => result.ElementCount * sizeof(long), // where each maximum stood
                "aten::dropout" => bytes, // what it was multiplied by
                _ => 0,
            };
        }
    }

    static bool IsOfAnArgument(nint pointer, ReadOnlySpan<Value> arguments)
    {
        if (pointer == 0) return true;
        foreach (Value argument in arguments)
        {
            if (argument.Reference is Tensor one && Holds(one, pointer)) return true;
            if (argument.Reference is Tensor?[] several)
                foreach (Tensor? each in several)
                    if (each is not null && Holds(each, pointer)) return true;
        }
        return false;
    }

    static bool Holds(Tensor tensor, nint pointer)
    {
        nint start = tensor.DataPointer;
        return pointer >= start && pointer < start + (nint)Math.Max(1, tensor.ElementCount * tensor.DType.Size());
    }
}
