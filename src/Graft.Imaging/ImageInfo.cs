namespace Graft.Imaging;

/// <summary>What a file says about its picture.</summary>
/// <param name="Format">JPEG, PNG, WEBP, BMP, GIF or TIFF.</param>
/// <param name="Width">Width in pixels, as stored (before the orientation is applied).</param>
/// <param name="Height">Height in pixels, as stored.</param>
/// <param name="Mode">The kind of pixels, by Pillow's names: RGB, L, P, RGBA, CMYK, I;16, 1, LA.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8; 1 where the file has none.</param>
public readonly record struct ImageInfo(string Format, int Width, int Height, string Mode, int Orientation);
