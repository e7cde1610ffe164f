using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// The frame of a convolution or pool: zeros on each side, as many or some more after than before, or TensorFlow's "same", which
/// puts the odd one at the bottom and right, and depends on the input's size.
/// </summary>
public readonly record struct Padding
{
    Padding(int before, int after, bool same) => (Size, After, IsSame) = (before, after, same);

    /// <summary>Zeros at the top and left; 0 for <see cref="Same"/>. Fewer than none cuts off.</summary>
    public int Size { get; }

    /// <summary>Zeros at the bottom and right; 0 for <see cref="Same"/>.</summary>
    public int After { get; }

    /// <summary>Whether this is TensorFlow's "same".</summary>
    public bool IsSame { get; }

    /// <summary>Whether there is as much on each side, whatever the input's size.</summary>
    public bool IsSymmetric => !IsSame && Size == After;

    /// <summary>TensorFlow's "same": the output's size is the input's over the stride, rounded up.</summary>
    public static Padding Same { get; } = new(0, 0, same: true);

    /// <summary>As many zeros on each side.</summary>
    public static Padding Of(int size) => new(size, size, same: false);

    /// <summary>Zeros at the top and left, and at the bottom and right.</summary>
    public static Padding Of(int before, int after) => new(before, after, same: false);

    /// <summary>As many zeros on each side.</summary>
    public static implicit operator Padding(int size) => Of(size);

    /// <summary>The input <c>[N, C, H, W]</c> in its frame; itself where none is wanted.</summary>
    public Tensor Apply(Tensor x, int kernel, int stride, int dilation = 1, double value = 0)
    {
        (long top, long bottom) = Around(x.Size(-2), kernel, stride, dilation);
        (long left, long right) = Around(x.Size(-1), kernel, stride, dilation);
        return top == 0 && bottom == 0 && left == 0 && right == 0 ? x : x.Pad(left, right, top, bottom, value);
    }

    /// <summary>The zeros before and after a side of that size.</summary>
    internal (long Before, long After) Around(long size, int kernel, int stride, int dilation)
    {
        if (!IsSame) return (Size, After);
        long outputs = (size + stride - 1) / stride;
        long missing = Math.Max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - size, 0);
        return (missing / 2, missing - missing / 2);
    }
}
