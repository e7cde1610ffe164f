namespace Graft.Imaging;

/// <summary>Which rectangle of an image is wanted, told once its size is known.</summary>
/// <param name="width">Width of the image, turned upright where that is asked for.</param>
/// <param name="height">Height of the image.</param>
/// <returns>A rectangle inside the image.</returns>
public delegate (int Left, int Top, int Width, int Height) RectangleChoice(int width, int height);
