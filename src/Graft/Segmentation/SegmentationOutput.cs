namespace Graft;

/// <summary>What is written of a segmentation model's predictions.</summary>
[Flags]
public enum SegmentationOutput
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>masks/NAME.png</c>: the class of each pixel as its value, with a palette.</summary>
    Masks = 1,

    /// <summary><c>colors/NAME.png</c>: the colour of each pixel's class.</summary>
    Colors = 2,

    /// <summary><c>overlays/NAME.png</c>: the colours over the image, with a legend.</summary>
    Overlays = 4,

    /// <summary><c>probabilities/NAME.npy</c>: float32 <c>[K, H, W]</c>.</summary>
    Probabilities = 8,
}
