namespace Graft.Imaging;

/// <summary>
/// An image brought to a size with as much of it as the method leaves (fastai's Resize in training): what is cut off, or where
/// the filling goes, is drawn. Antialiased as <see cref="Resize"/>.
/// </summary>
/// <param name="Height">Height of the result.</param>
/// <param name="Width">Width of the result.</param>
/// <param name="Method">What becomes of an image of another ratio. <value>Crop.</value></param>
/// <param name="Interpolation">Filter of the resize. <value>Bilinear.</value></param>
public sealed record RandomPlacement(
    int Height, int Width, ResizeMethod Method = ResizeMethod.Crop, Interpolation Interpolation = Interpolation.Bilinear)
    : IImageTransform
{
    /// <summary>Colour of what padding adds, RGB. <value>Black.</value></summary>
    public (byte Red, byte Green, byte Blue) Fill { get; init; }

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        (int left, int top, int width, int height) = Window(image.Width, image.Height, Width, Height, Method, ref random);
        if (Method != ResizeMethod.Pad)
            return Resize.CropAndApply(image, left, top, width, height, Width, Height, Interpolation);
        // the window lies around the image: the part of the result that the image covers is made of it
        int innerWidth = Math.Clamp((int)Math.Round((double)image.Width * Width / width), 1, Width);
        int innerHeight = Math.Clamp((int)Math.Round((double)image.Height * Height / height), 1, Height);
        int x = Math.Min((int)Math.Round(-(double)left * Width / width), Width - innerWidth);
        int y = Math.Min((int)Math.Round(-(double)top * Height / height), Height - innerHeight);
        using Image inner = Resize.Apply(image, innerWidth, innerHeight, Interpolation);
        Image result = Image.Uninitialized(Width, Height);
        Image.Copy(inner, result, -x, -y, Fill.Red, Fill.Green, Fill.Blue);
        return result;
    }

    /// <summary>
    /// The rectangle of an image that becomes the result: for <see cref="ResizeMethod.Pad"/> one that reaches out of it.
    /// </summary>
    internal static (int Left, int Top, int Width, int Height) Window(
        int imageWidth, int imageHeight, int width, int height, ResizeMethod method, ref SampleRandom random)
    {
        if (method == ResizeMethod.Squish) return (0, 0, imageWidth, imageHeight);
        double across = random.NextDouble(), down = random.NextDouble();
        double horizontal = (double)imageWidth / width, vertical = (double)imageHeight / height;
        double ratio = method == ResizeMethod.Pad ? Math.Max(horizontal, vertical) : Math.Min(horizontal, vertical);
        int windowWidth = Math.Max(1, (int)(ratio * width)), windowHeight = Math.Max(1, (int)(ratio * height));
        int left = (int)(across * (imageWidth - windowWidth)), top = (int)(down * (imageHeight - windowHeight));
        return (left, top, windowWidth, windowHeight);
    }
}
