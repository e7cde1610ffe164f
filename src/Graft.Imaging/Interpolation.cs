namespace Graft.Imaging;

/// <summary>Resampling filters, with Pillow's numbers.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Windowed sinc, support 3.</summary>
    Lanczos = 1,

    /// <summary>Triangle, support 1.</summary>
    Bilinear = 2,

    /// <summary>Cubic convolution with a = -0.5, support 2.</summary>
    Bicubic = 3,

    /// <summary>Mean of the covered pixels, support 0.5.</summary>
    Box = 4,

    /// <summary>Hamming-windowed sinc, support 1.</summary>
    Hamming = 5,
}
