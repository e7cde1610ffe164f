namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator toDtype = new(
        "aten::to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? " +
        "memory_format=None) -> Tensor(a)");
    static readonly Operator toDevice = new(
        "aten::to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, " +
        "MemoryFormat? memory_format=None) -> Tensor(a)");
    static readonly Operator contiguous = new("aten::contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)");
    static readonly Operator clone = new("aten::clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor");
    static readonly Operator detach = new("aten::detach(Tensor(a) self) -> Tensor(a)");
    static readonly Operator copyInPlace = new("aten::copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)");
    static readonly Operator fillInPlace = new("aten::fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)");
    static readonly Operator zeroInPlace = new("aten::zero_(Tensor(a!) self) -> Tensor(a!)");

    /// <summary>The same values as another dtype; the tensor itself where it has that dtype already.</summary>
    public Tensor To(DType dtype) => DType == dtype ? this : toDtype.Call(this, dtype);

    /// <summary>The same values on another device; the tensor itself where it is there already.</summary>
    public Tensor To(Device device) => Device == device ? this : toDevice.Call(this, device, DType);

    /// <summary>The same values in that memory format; the tensor itself where it has it already.</summary>
    public Tensor Contiguous(MemoryFormat format = MemoryFormat.Contiguous) =>
        IsContiguous(format) ? this : contiguous.Call(this, format);

    /// <summary>A copy of its own.</summary>
    public Tensor Clone() => clone.Call(this);

    /// <summary>The same memory, outside of the recorded graph.</summary>
    public Tensor Detach() => detach.Call(this);

    /// <summary>Overwrites the elements with those of another tensor (broadcast, converted), in place.</summary>
    public Tensor Copy_(Tensor source)
    {
        copyInPlace.Run(this, source);
        return this;
    }

    /// <summary>Overwrites every element with one value, in place.</summary>
    public Tensor Fill_(double value)
    {
        fillInPlace.Run(this, value);
        return this;
    }

    /// <summary>Overwrites every element with zero, in place.</summary>
    public Tensor Zero_()
    {
        zeroInPlace.Run(this);
        return this;
    }
}
