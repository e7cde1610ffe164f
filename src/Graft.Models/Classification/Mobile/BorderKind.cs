using Graft.Nn;

namespace Graft.Models.Classification.Mobile;

/// <summary>Where the zeros around a convolution's input go.</summary>
public enum BorderKind
{
    /// <summary>As many on each side: PyTorch's own models.</summary>
    Symmetric,

    /// <summary>TensorFlow's "same": which side has one more depends on the image's size.</summary>
    Same,

    /// <summary>
    /// Where the convolution strides, one more at the bottom and right, whatever the size: Hugging Face's EfficientNet, and what
    /// "same" is for even sizes.
    /// </summary>
    After,
}

static class BorderKinds
{
    public static Padding Of(this BorderKind border, int kernel, int stride) => border switch
    {
        BorderKind.Same => Padding.Same,
        BorderKind.After => stride == 1 ? Padding.Same : Padding.Of(kernel / 2 - 1, kernel / 2),
        _ => Padding.Of(kernel / 2),
    };
}
