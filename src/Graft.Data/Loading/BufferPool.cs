using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Native memory for batches of one epoch, used again as soon as a batch is disposed: fresh memory of this size would cost a page
/// fault every 4 KiB, each time.
/// </summary>
sealed class BufferPool(int capacity, int channels, int height, int width, MemoryFormat format) : IDisposable
{
    readonly Lock gate = new();
    readonly Stack<Tensor> free = new();
    bool closed;

    /// <summary>Room for the largest batch: [capacity, C, H, W] or [capacity, H, W, C].</summary>
    public Tensor Rent()
    {
        lock (gate)
            if (free.TryPop(out Tensor? buffer)) return buffer;
        using TensorScope scope = new();
        long[] shape = format == MemoryFormat.ChannelsLast ? [capacity, height, width, channels]
            : [capacity, channels, height, width];
        return Tensor.Empty(shape).LeaveScope();
    }

    /// <summary>The first images of a buffer as [N, C, H, W].</summary>
    public Tensor View(Tensor buffer, int count)
    {
        using TensorScope scope = new();
        Tensor view = buffer.Slice(0, 0, count);
        if (format == MemoryFormat.ChannelsLast) view = view.Permute(0, 3, 1, 2); // [N, H, W, C] -> [N, C, H, W]
        return view.LeaveScope();
    }

    /// <summary>Takes a buffer back.</summary>
    public void Return(Tensor buffer)
    {
        lock (gate)
        {
            if (!closed)
            {
                free.Push(buffer);
                return;
            }
        }
        buffer.Dispose();
    }

    /// <summary>Frees what is not in use; buffers in use are freed when they come back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            while (free.TryPop(out Tensor? buffer)) buffer.Dispose();
        }
    }
}
