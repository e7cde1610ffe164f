using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Native memory for batches of one epoch, used again as soon as a batch is disposed: fresh memory of this size would cost a page
/// fault every 4 KiB, each time.
/// </summary>
/// <param name="shape">of the largest batch, as it lies in memory</param>
/// <param name="type">of its values</param>
/// <param name="channelsLast">whether the shape is [N, H, W, C], and views are to be [N, C, H, W]</param>
sealed class BufferPool(long[] shape, DType type, bool channelsLast = false) : IDisposable
{
    readonly Lock gate = new();
    readonly Stack<Tensor> free = new();
    bool closed;

    /// <summary>Room for the largest batch.</summary>
    public Tensor Rent()
    {
        lock (gate)
            if (free.TryPop(out Tensor? buffer)) return buffer;
        using TensorScope scope = new();
        return Tensor.Empty(shape, type).LeaveScope();
    }

    /// <summary>The first N of a buffer, images as [N, C, H, W].</summary>
    public Tensor View(Tensor buffer, int count)
    {
        using TensorScope scope = new();
        Tensor view = buffer.Slice(0, 0, count);
        if (channelsLast) view = view.Permute(0, 3, 1, 2); // [N, H, W, C] -> [N, C, H, W]
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
