namespace Graft.Imaging;

/// <summary>The operations that automatic augmentation chooses from, by torchvision's names.</summary>
public enum AugmentOperation
{
    /// <summary>Nothing.</summary>
    Identity,

    /// <summary>Rows moved by magnitude x their distance from the top.</summary>
    ShearX,

    /// <summary>Columns moved by magnitude x their distance from the left.</summary>
    ShearY,

    /// <summary>Moved by so many pixels to the right.</summary>
    TranslateX,

    /// <summary>Moved by so many pixels down.</summary>
    TranslateY,

    /// <summary>Turned counter-clockwise by so many degrees.</summary>
    Rotate,

    /// <summary>Brightness by the factor 1 + magnitude.</summary>
    Brightness,

    /// <summary>Saturation by the factor 1 + magnitude.</summary>
    Color,

    /// <summary>Contrast by the factor 1 + magnitude.</summary>
    Contrast,

    /// <summary>Sharpness by the factor 1 + magnitude.</summary>
    Sharpness,

    /// <summary>So many bits kept.</summary>
    Posterize,

    /// <summary>Values at or above the magnitude inverted.</summary>
    Solarize,

    /// <summary>Each channel stretched to the whole range.</summary>
    AutoContrast,

    /// <summary>Each channel's histogram equalized.</summary>
    Equalize,

    /// <summary>All values inverted.</summary>
    Invert,
}
