using System.Buffers;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// A tensor's bytes in row-major order as memory: its own where they lie so, else a copy. The tensor must outlive it.
/// </summary>
sealed unsafe class TensorMemory : MemoryManager<byte>
{
    readonly Tensor tensor;
    readonly bool owned;

    public TensorMemory(Tensor source)
    {
        tensor = source.To(Device.Cpu).Contiguous();
        owned = !ReferenceEquals(tensor, source);
        if (owned) tensor.LeaveScope();
    }

    public override Span<byte> GetSpan() => tensor.AsBytes();

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        fixed (byte* start = tensor.AsBytes()) return new MemoryHandle(start + elementIndex); // native memory does not move
    }

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        if (owned) tensor.Dispose();
    }
}
