namespace Graft.Imaging.Codecs;

/// <summary>Turns a picture as its EXIF orientation asks (Pillow's <c>ImageOps.exif_transpose</c>).</summary>
static class Orient
{
    /// <summary>
    /// The upright picture; the image itself for orientation 1. The image given is disposed when another comes back.
    /// </summary>
    public static Image Apply(Image image, int orientation)
    {
        if (orientation is < 2 or > 8) return image;
        int width = image.Width, height = image.Height;
        bool turned = orientation >= 5;
        Image result = Image.Uninitialized(turned ? height : width, turned ? width : height);
        ReadOnlySpan<byte> from = image.Rgb;
        Span<byte> to = result.Rgb;
        // where the source's first pixel goes, and how far a step to the right and a step down move
        int stride = result.Width, right = result.Width - 1, bottom = (result.Height - 1) * stride;
        (int start, int stepX, int stepY) = orientation switch
        {
            2 => (right, -1, stride),              // mirrored left to right
            3 => (bottom + right, -1, -stride),    // turned by 180
            4 => (bottom, 1, -stride),             // mirrored top to bottom
            5 => (0, stride, 1),                   // transposed
            6 => (right, stride, -1),              // to be turned clockwise
            7 => (bottom + right, -stride, -1),    // transposed over the other diagonal
            _ => (bottom, -stride, 1),             // to be turned anticlockwise
        };
        for (int y = 0, at = 0; y < height; y++)
        {
            int target = start + y * stepY;
            for (int x = 0; x < width; x++, at += 3, target += stepX)
            {
                int put = target * 3;
                to[put + 2] = from[at + 2];
                to[put + 1] = from[at + 1];
                to[put] = from[at];
            }
        }
        image.Dispose();
        return result;
    }
}
