using Graft.Torch;

namespace Graft.Nn;

/// <summary>
/// The frame of a convolution or pool: as many zeros on each side, or TensorFlow's "same", which puts the odd one at the bottom
/// and right, and depends on the input's size.
/// </summary>
public readonly record struct Padding
{
    Padding(int size, bool same) => (Size, IsSame) = (size, same);

    /// <summary>Zeros on each side; 0 for <see cref="Same"/>.</summary>
    public int Size { get; }

    /// <summary>Whether this is TensorFlow's "same".</summary>
    public bool IsSame { get; }

    /// <summary>TensorFlow's "same": the output's size is the input's over the stride, rounded up.</summary>
    public static Padding Same { get; } = new(0, same: true);

    /// <summary>As many zeros on each side.</summary>
    public static Padding Of(int size) => new(size, same: false);

    /// <summary>As many zeros on each side.</summary>
    public static implicit operator Padding(int size) => Of(size);

    /// <summary>The input <c>[N, C, H, W]</c> in the frame that "same" wants; itself where none is wanted.</summary>
    public Tensor Apply(Tensor x, int kernel, int stride, int dilation = 1, double value = 0)
    {
        long vertical = Missing(x.Size(-2), kernel, stride, dilation), horizontal = Missing(x.Size(-1), kernel, stride, dilation);
        if (!IsSame || (vertical == 0 && horizontal == 0)) return x;
        return x.Pad(horizontal / 2, horizontal - horizontal / 2, vertical / 2, vertical - vertical / 2, value);
    }

    static long Missing(long size, int kernel, int stride, int dilation)
    {
        long outputs = (size + stride - 1) / stride;
        return Math.Max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - size, 0);
    }
}
