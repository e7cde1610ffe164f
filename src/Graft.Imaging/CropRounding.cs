namespace Graft.Imaging;

/// <summary>Where a centre crop lies when what is cut off is an odd number of pixels.</summary>
public enum CropRounding
{
    /// <summary>
    /// (size - crop) / 2 rounded down, as Hugging Face does it; padding of a smaller image: the extra pixel goes before.
    /// </summary>
    Floor,

    /// <summary>
    /// Halves go to the even number, as torchvision and timm do it; padding of a smaller image: the extra pixel goes after.
    /// </summary>
    HalfToEven,
}
