using System.Buffers;

namespace Graft.Torch;

/// <summary>
/// A tensor's bytes in row-major order as memory: its own where they lie so, else a copy. The tensor must outlive it.
/// </summary>
public sealed unsafe class TensorMemory : MemoryManager<byte>
{
    readonly Tensor tensor;
    readonly bool owned;

    /// <summary>The bytes of a tensor, from any device.</summary>
    public TensorMemory(Tensor source)
    {
        tensor = source.To(Device.Cpu).Contiguous();
        owned = !ReferenceEquals(tensor, source);
        if (owned) tensor.LeaveScope();
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => tensor.AsBytes();

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        fixed (byte* start = tensor.AsBytes()) return new MemoryHandle(start + elementIndex); // native memory does not move
    }

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (owned) tensor.Dispose();
    }
}
