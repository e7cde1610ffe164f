namespace Graft.Torch;

public sealed partial class Tensor
{
    static readonly Operator reshape = new("aten::reshape(Tensor(a) self, int[] shape) -> Tensor(a)");
    static readonly Operator flatten = new(
        "aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)");
    static readonly Operator permute = new("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)");
    static readonly Operator transpose = new("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)");
    static readonly Operator unsqueeze = new("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)");
    static readonly Operator squeeze = new("aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)");
    static readonly Operator expand = new("aten::expand(Tensor(a) self, int[] size, *, bool implicit=False) -> Tensor(a)");
    static readonly Operator slice = new(
        "aten::slice.Tensor(Tensor(a) self, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)");
    static readonly Operator select = new("aten::select.int(Tensor(a) self, int dim, int index) -> Tensor(a)");
    static readonly Operator indexSelect = new("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor");
    static readonly Operator gather = new(
        "aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor");
    static readonly Operator cat = new("aten::cat(Tensor[] tensors, int dim=0) -> Tensor");
    static readonly Operator stack = new("aten::stack(Tensor[] tensors, int dim=0) -> Tensor");
    static readonly Operator chunk = new("aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]");
    static readonly Operator unfold = new(
        "aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)");
    static readonly Operator roll = new("aten::roll(Tensor self, int[1] shifts, int[1] dims=[]) -> Tensor");
    static readonly Operator flip = new("aten::flip(Tensor self, int[] dims) -> Tensor");

    /// <summary>The same elements in another shape; one size may be -1.</summary>
    public Tensor Reshape(params long[] shape) => reshape.Call(this, shape);

    /// <summary>Dimensions start to end as one.</summary>
    public Tensor Flatten(int start = 0, int end = -1) => flatten.Call(this, start, end);

    /// <summary>The dimensions in another order.</summary>
    public Tensor Permute(params long[] order) => permute.Call(this, order);

    /// <summary>Two dimensions exchanged.</summary>
    public Tensor Transpose(int first, int second) => transpose.Call(this, first, second);

    /// <summary>A dimension of size 1 put in.</summary>
    public Tensor Unsqueeze(int dimension) => unsqueeze.Call(this, dimension);

    /// <summary>A dimension of size 1 taken out.</summary>
    public Tensor Squeeze(int dimension) => squeeze.Call(this, dimension);

    /// <summary>Dimensions of size 1 repeated, without a copy; -1 leaves one as it is.</summary>
    public Tensor Expand(params long[] shape) => expand.Call(this, shape);

    /// <summary>Elements start up to (not including) end of a dimension.</summary>
    public Tensor Slice(int dimension, long start, long end, long step = 1) => slice.Call(this, dimension, start, end, step);

    /// <summary>One element of a dimension, which goes.</summary>
    public Tensor Select(int dimension, long index) => select.Call(this, dimension, index);

    /// <summary>The elements of a dimension that an int64 tensor <c>[K]</c> names, in its order.</summary>
    public Tensor IndexSelect(int dimension, Tensor indices) => indexSelect.Call(this, dimension, indices);

    /// <summary>Along a dimension, the elements that an int64 tensor of the result's shape names.</summary>
    public Tensor Gather(int dimension, Tensor indices) => gather.Call(this, dimension, indices);

    /// <summary>Tensors joined along a dimension that they have.</summary>
    public static Tensor Cat(Tensor[] tensors, int dimension = 0) => cat.Call(tensors, dimension);

    /// <summary>Tensors of one shape joined along a new dimension.</summary>
    public static Tensor Stack(Tensor[] tensors, int dimension = 0) => stack.Call(tensors, dimension);

    /// <summary>A tensor cut into equal parts along a dimension, without a copy.</summary>
    public Tensor[] Chunk(int parts, int dimension = 0) => chunk.CallForMany(this, parts, dimension)!;

    /// <summary>The elements of dimensions in reverse order.</summary>
    public Tensor Flip(params long[] dimensions) => flip.Call(this, dimensions);

    /// <summary>
    /// Overlapping windows along a dimension, without a copy: it then counts the windows, and a new last one what is in each.
    /// </summary>
    public Tensor Unfold(int dimension, long size, long step) => unfold.Call(this, dimension, size, step);

    /// <summary>Elements moved on along dimensions; what leaves at one end comes in at the other.</summary>
    public Tensor Roll(long[] shifts, long[] dimensions) => roll.Call(this, shifts, dimensions);
}
