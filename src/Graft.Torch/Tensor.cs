using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Graft.Torch.Interop;

namespace Graft.Torch;

/// <summary>
/// An n-dimensional array of libtorch. It is owned by the <see cref="TensorScope"/> that was open when it was made; made outside
/// of any scope, by whoever made it, who disposes it.
/// </summary>
[SuppressMessage("Naming", "CA1720", Justification = "the field's terms")]
public sealed unsafe partial class Tensor : IDisposable
{
    static long liveCount;
    static long leakCount;

    nint handle;

    Tensor(nint handle)
    {
        this.handle = handle;
        Interlocked.Increment(ref liveCount);
    }

    /// <summary>A backstop only: frees a tensor that nobody disposed, and counts it as a leak.</summary>
    ~Tensor()
    {
        if (handle == 0) return;
        Interlocked.Increment(ref leakCount);
        Interlocked.Decrement(ref liveCount);
        Native.graft_tensor_release(handle);
        handle = 0;
    }

    /// <summary>How many tensors are alive in this process. Flat from step to step of a healthy loop.</summary>
    public static long LiveCount => Interlocked.Read(ref liveCount);

    /// <summary>How many tensors the garbage collector had to free, since neither a scope nor their owner did. Should be
    /// 0.</summary>
    public static long LeakCount => Interlocked.Read(ref leakCount);

    internal TensorScope.Frame? Scope { get; set; }

    internal nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(
        nameof(Tensor), "This tensor was disposed, or its scope closed. Keep what must outlive a scope with scope.Keep(tensor).");

    internal static Tensor Adopt(nint handle, bool inScope = true)
    {
        var tensor = new Tensor(handle);
        if (inScope) TensorScope.Current?.Add(tensor);
        return tensor;
    }

    /// <summary>Whether this was disposed, by itself or with its scope.</summary>
    public bool IsDisposed => handle == 0;

    /// <summary>The sizes, one a dimension.</summary>
    public long[] Shape
    {
        get
        {
            const int Capacity = 16;
            long* sizes = stackalloc long[Capacity];
            int rank = Native.graft_tensor_sizes(Handle, sizes, Capacity);
            return new ReadOnlySpan<long>(sizes, Math.Min(rank, Capacity)).ToArray();
        }
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Native.graft_tensor_sizes(Handle, null, 0);

    /// <summary>The number of elements.</summary>
    public long ElementCount => Native.graft_tensor_numel(Handle);

    /// <summary>The element type.</summary>
    public DType DType => (DType)Native.graft_tensor_dtype(Handle);

    /// <summary>Where it lives.</summary>
    public Device Device => Device.FromPacked(Native.graft_tensor_device(Handle));

    /// <summary>The steps between neighbours of each dimension, in elements.</summary>
    public long[] Strides
    {
        get
        {
            const int Capacity = 16;
            long* strides = stackalloc long[Capacity];
            int rank = Native.graft_tensor_strides(Handle, strides, Capacity);
            Native.Check(rank, "strides");
            return new ReadOnlySpan<long>(strides, Math.Min(rank, Capacity)).ToArray();
        }
    }

    /// <summary>The size of one dimension; negative ones count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long Size(int dimension)
    {
        const int Capacity = 16;
        long* sizes = stackalloc long[Capacity];
        int rank = Native.graft_tensor_sizes(Handle, sizes, Capacity);
        int at = dimension < 0 ? dimension + rank : dimension;
        if ((uint)at >= (uint)Math.Min(rank, Capacity))
            throw new ArgumentOutOfRangeException(nameof(dimension), $"dimension {dimension} of a tensor of rank {rank}");
        return sizes[at];
    }

    /// <summary>Whether the elements lie in that order without gaps.</summary>
    public bool IsContiguous(MemoryFormat format = MemoryFormat.Contiguous) =>
        Native.graft_tensor_is_contiguous(Handle, (int)format) > 0;

    /// <summary>Whether both are the very same tensor of libtorch (not merely equal in value).</summary>
    public bool IsSame(Tensor other) => Native.graft_tensor_is_same(Handle, other.Handle) != 0;

    /// <summary>Whether gradients are collected for it.</summary>
    /// <exception cref="TorchException">Set on a tensor that is no leaf, or holds no real numbers.</exception>
    public bool RequiresGrad
    {
        get => Native.graft_tensor_requires_grad(Handle) != 0;
        set => Native.Check(Native.graft_tensor_set_requires_grad(Handle, value ? 1 : 0), $"requires_grad of {Describe()}");
    }

    /// <summary>Whether it was not computed from others that require gradients.</summary>
    public bool IsLeaf => Native.graft_tensor_is_leaf(Handle) != 0;

    /// <summary>The gradient that <see cref="Backward"/> collected (a new handle to it), or null.</summary>
    public Tensor? Grad
    {
        get => Native.graft_tensor_grad(Handle) is var grad && grad == 0 ? null : Adopt(grad);
        set => Native.Check(Native.graft_tensor_set_grad(Handle, value?.Handle ?? 0), $"grad of {Describe()}");
    }

    /// <summary>Adds the gradients of this tensor to every leaf that it was computed from and that requires them.</summary>
    /// <param name="gradient">The gradient with respect to this tensor; may be left out where this has one element.</param>
    /// <param name="retainGraph">Whether the recorded graph may be used again.</param>
    /// <exception cref="TorchException">Nothing was recorded, or the graph was used already.</exception>
    public void Backward(Tensor? gradient = null, bool retainGraph = false) =>
        Native.Check(Native.graft_backward(Handle, gradient?.Handle ?? 0, retainGraph ? 1 : 0), $"backward of {Describe()}");

    /// <summary>Another handle to the same tensor, with its own owner.</summary>
    public Tensor Share() => Adopt(Native.graft_tensor_share(Handle));

    /// <summary>Takes the tensor out of its scope: the caller owns it from now on, and disposes it.</summary>
    public Tensor LeaveScope()
    {
        Scope = null;
        return this;
    }

    /// <summary>Frees the native tensor now.</summary>
    public void Dispose()
    {
        nint freed = Interlocked.Exchange(ref handle, 0);
        if (freed == 0) return;
        Scope = null;
        Native.graft_tensor_release(freed);
        Interlocked.Decrement(ref liveCount);
        GC.SuppressFinalize(this);
    }

    /// <summary>A tensor of that shape with a copy of the values, in row-major order (one copy is made).</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the shape.</exception>
    public static Tensor FromSpan<T>(ReadOnlySpan<T> values, long[] shape, Device device = default) where T : unmanaged
    {
        CheckCount(values.Length, shape);
        Tensor tensor = Empty(shape, DTypes.Of<T>(), Device.Cpu);
        MemoryMarshal.AsBytes(values).CopyTo(new Span<byte>((void*)tensor.DataPointer, checked(values.Length * sizeof(T))));
        return device.IsCpu ? tensor : tensor.MoveAndDrop(device);
    }

    /// <summary>A tensor of that shape and dtype with a copy of the bytes, in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public static Tensor FromBytes(ReadOnlySpan<byte> bytes, long[] shape, DType dtype, Device device = default)
    {
        CheckCount(bytes.Length / dtype.Size(), shape);
        Tensor tensor = Empty(shape, dtype, Device.Cpu);
        bytes.CopyTo(new Span<byte>((void*)tensor.DataPointer, bytes.Length));
        return device.IsCpu ? tensor : tensor.MoveAndDrop(device);
    }

    /// <summary>A tensor over an array's own memory: no copy is made, the array is pinned while the tensor lives.</summary>
    /// <exception cref="ArgumentException">The array is shorter than the shape.</exception>
    public static Tensor FromArray<T>(T[] values, long[] shape) where T : unmanaged
    {
        if (values.LongLength < Count(shape)) CheckCount(values.LongLength, shape);
        GCHandle pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        fixed (long* sizes = shape)
        {
            nint made = Native.graft_tensor_from_memory(
                (void*)pin.AddrOfPinnedObject(), sizes, shape.Length, (int)DTypes.Of<T>(), &Unpin, GCHandle.ToIntPtr(pin));
            if (made == 0) pin.Free();
            return Adopt(Native.Check(made, "from_blob"));
        }
    }

    /// <summary>A tensor over memory of others: no copy is made.</summary>
    /// <param name="address">its first element</param>
    /// <param name="shape">its sizes</param>
    /// <param name="dtype">its type</param>
    /// <param name="released">called, on any thread, when libtorch has let go of the memory for good</param>
    public static Tensor FromMemory(nint address, long[] shape, DType dtype, Action released)
    {
        GCHandle context = GCHandle.Alloc(released);
        fixed (long* sizes = shape)
        {
            nint made = Native.graft_tensor_from_memory(
                (void*)address, sizes, shape.Length, (int)dtype, &Release, GCHandle.ToIntPtr(context));
            if (made == 0) context.Free();
            return Adopt(Native.Check(made, "from_blob"));
        }
    }

    /// <summary>The elements in place, for a contiguous tensor on the CPU. Valid while this tensor lives.</summary>
    /// <exception cref="InvalidOperationException">It is of another dtype, elsewhere, not contiguous, or over 2^31
    /// elements.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        bool sameSize = DType == DType.BFloat16 ? sizeof(T) == 2 : DType == DTypes.Of<T>();
        if (!sameSize || !Device.IsCpu || !IsContiguous() || ElementCount > int.MaxValue)
            throw new InvalidOperationException(
                $"expected a contiguous {typeof(T).Name} tensor on the cpu with fewer than 2^31 elements, came {Describe()}");
        return new Span<T>((void*)DataPointer, (int)ElementCount);
    }

    /// <summary>The bytes in place, for a contiguous tensor on the CPU of under 2^31 bytes. Valid while this tensor
    /// lives.</summary>
    /// <exception cref="InvalidOperationException">It is elsewhere, not contiguous, or too large.</exception>
    public Span<byte> AsBytes()
    {
        long bytes = ElementCount * DType.Size();
        if (!Device.IsCpu || !IsContiguous() || bytes > int.MaxValue)
            throw new InvalidOperationException($"expected a contiguous tensor on the cpu under 2^31 bytes, came {Describe()}");
        return new Span<byte>((void*)DataPointer, (int)bytes);
    }

    /// <summary>Copies the elements, in row-major order, from any device; other dtypes are converted.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the tensor.</exception>
    public void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        using var scope = new TensorScope();
        using GradMode mode = Autograd.NoGrad();
        Tensor here = To(Device.Cpu).To(DTypes.Of<T>()).Contiguous();
        if (destination.Length < here.ElementCount)
            throw new ArgumentException(
                $"expected room for {here.ElementCount} elements, came {destination.Length}", nameof(destination));
        here.AsSpan<T>().CopyTo(destination);
    }

    /// <summary>The elements in row-major order.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        T[] values = GC.AllocateUninitializedArray<T>(checked((int)ElementCount));
        CopyTo(values.AsSpan());
        return values;
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="InvalidOperationException">It has more or fewer elements than one.</exception>
    public T Item<T>() where T : unmanaged
    {
        if (ElementCount != 1) throw new InvalidOperationException($"expected a tensor of one element, came {Describe()}");
        T value = default;
        CopyTo(new Span<T>(ref value));
        return value;
    }

    /// <summary>Dtype and shape, as errors show them: <c>float32[16, 3, 224, 224]</c>.</summary>
    public string Describe() =>
        IsDisposed ? "disposed tensor"
        : $"{DType.ToString().ToLowerInvariant()}[{string.Join(", ", Shape)}]{(Device.IsCpu ? "" : " on " + Device)}";

    /// <summary>Dtype and shape.</summary>
    public override string ToString() => Describe();

    internal nint DataPointer => Native.graft_tensor_data(Handle);

    Tensor MoveAndDrop(Device device)
    {
        Tensor moved = To(device);
        Dispose();
        return moved;
    }

    static long Count(long[] shape)
    {
        long count = 1;
        foreach (long size in shape) count = checked(count * size);
        return count;
    }

    static void CheckCount(long values, long[] shape)
    {
        long wanted = Count(shape);
        if (wanted != values)
            throw new ArgumentException($"expected {wanted} values for the shape [{string.Join(", ", shape)}], came {values}");
    }

    [UnmanagedCallersOnly]
    static void Release(nint context)
    {
        GCHandle handle = GCHandle.FromIntPtr(context);
        ((Action)handle.Target!)();
        handle.Free();
    }

    [UnmanagedCallersOnly]
    static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();
}
