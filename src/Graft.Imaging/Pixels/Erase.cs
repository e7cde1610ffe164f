namespace Graft.Imaging;

/// <summary>Rectangles put out of sight.</summary>
public static class Erase
{
    /// <summary>A copy in which a rectangle has one colour.</summary>
    /// <exception cref="ArgumentException">The rectangle reaches out of the image.</exception>
    public static Image Rectangle(Image image, int left, int top, int width, int height, RgbColor fill = default)
    {
        Check(image, left, top, width, height);
        Image result = image.Clone();
        for (int y = top; y < top + height; y++)
            Image.Fill(result.Row(y).Slice(left * 3, width * 3), fill.Red, fill.Green, fill.Blue);
        return result;
    }

    internal static void Check(Image image, int left, int top, int width, int height)
    {
        if (left < 0 || top < 0 || width < 0 || height < 0 || width > image.Width - left || height > image.Height - top)
            throw new ArgumentException(
                $"rectangle ({left}, {top}, {width}, {height}): expected inside the image of {image.Width} x {image.Height}");
    }
}
