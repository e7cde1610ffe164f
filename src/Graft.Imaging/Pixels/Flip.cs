namespace Graft.Imaging;

/// <summary>Turns and mirrorings that only move pixels.</summary>
public static class Flip
{
    /// <summary>Left and right exchanged.</summary>
    public static Image Horizontal(Image image) => RandomHorizontalFlip.Flip(image);

    /// <summary>Top and bottom exchanged.</summary>
    public static Image Vertical(Image image)
    {
        Image result = Image.Uninitialized(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++) image.Row(y).CopyTo(result.Row(image.Height - 1 - y));
        return result;
    }

    /// <summary>A half turn.</summary>
    public static Image Both(Image image)
    {
        Image result = Image.Uninitialized(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
            RandomHorizontalFlip.FlipRow(image.Row(y), result.Row(image.Height - 1 - y));
        return result;
    }

    /// <summary>A quarter turn counter-clockwise; width and height are exchanged.</summary>
    public static Image QuarterTurn(Image image) => Turn(image, clockwise: false);

    /// <summary>Three quarter turns counter-clockwise, or one clockwise; width and height are exchanged.</summary>
    public static Image ThreeQuarterTurn(Image image) => Turn(image, clockwise: true);

    static Image Turn(Image image, bool clockwise)
    {
        const int Tile = 32; // rows of the source that stay in the cache while columns of the result are written
        Image result = Image.Uninitialized(image.Height, image.Width);
        ReadOnlySpan<byte> from = image.Rgb;
        Span<byte> to = result.Rgb;
        int width = image.Width, height = image.Height;
        for (int top = 0; top < height; top += Tile)
        {
            int bottom = Math.Min(top + Tile, height);
            for (int x = 0; x < width; x++)
            {
                int row = clockwise ? x : width - 1 - x;
                for (int y = top; y < bottom; y++)
                {
                    int at = (y * width + x) * 3, put = (row * height + (clockwise ? height - 1 - y : y)) * 3;
                    to[put] = from[at];
                    to[put + 1] = from[at + 1];
                    to[put + 2] = from[at + 2];
                }
            }
        }
        return result;
    }
}
