namespace Graft.Imaging;

/// <summary>A picture and the class of each of its pixels, both of one size.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Mask">Its mask.</param>
public readonly record struct MaskedImage(Image Image, IndexMask Mask);
