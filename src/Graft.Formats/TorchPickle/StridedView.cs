using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Graft.Formats;

/// <summary>Lays out strided views row by row.</summary>
static class StridedView
{
    /// <summary>True when the elements lie one after the other in row-major order.</summary>
    public static bool IsContiguous(PyTensor tensor)
    {
        long expected = 1;
        for (int i = tensor.Shape.Length - 1; i >= 0; i--)
        {
            if (tensor.Shape[i] == 0) return true;
            if (tensor.Shape[i] == 1) continue;
            if (tensor.Strides[i] != expected) return false;
            expected *= tensor.Shape[i];
        }
        return true;
    }

    /// <summary>The number of elements from the view's first to its furthest one. The view is known to have elements.</summary>
    public static long Reach(PyTensor tensor)
    {
        long reach = 1;
        for (int i = 0; i < tensor.Shape.Length; i++) reach += (tensor.Shape[i] - 1) * tensor.Strides[i];
        return reach;
    }

    /// <summary>Copies a view that has elements.</summary>
    /// <param name="tensor">The view; its total size fits an array.</param>
    /// <param name="source">The bytes from its first element to its furthest one.</param>
    public static byte[] Pack(PyTensor tensor, ReadOnlySpan<byte> source)
    {
        byte[] packed = GC.AllocateUninitializedArray<byte>(checked((int)Count(tensor.Shape) * tensor.Type.Size()));
        switch (tensor.Type.Size())
        {
            case 1:
                Pack<byte>(tensor, source, packed);
                break;
            case 2:
                Pack<ushort>(tensor, source, packed);
                break;
            case 4:
                Pack<uint>(tensor, source, packed);
                break;
            default:
                Pack<ulong>(tensor, source, packed);
                break;
        }
        return packed;
    }

    static void Pack<T>(PyTensor tensor, ReadOnlySpan<byte> source, Span<byte> packed)
        where T : unmanaged
    {
        Span<T> target = MemoryMarshal.Cast<byte, T>(packed);
        int size = Unsafe.SizeOf<T>(), last = tensor.Shape.Length - 1;
        int rowLength = (int)tensor.Shape[last];
        int rowStride = rowLength == 1 ? 0 : (int)tensor.Strides[last] * size;
        Span<long> index = stackalloc long[tensor.Shape.Length];
        long from = 0;
        for (int row = 0; row < target.Length; row += rowLength)
        {
            int at = (int)(from * size);
            for (int i = 0; i < rowLength; i++, at += rowStride) target[row + i] = MemoryMarshal.Read<T>(source[at..]);
            for (int axis = last - 1; axis >= 0; axis--)
            {
                from += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis]) break;
                from -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }
    }

    static long Count(long[] shape)
    {
        long count = 1;
        foreach (long size in shape) count *= size;
        return count;
    }
}
