namespace Graft.Imaging;

/// <summary>
/// Moves the four corners inwards by random distances, with a probability, by torchvision's parameters and Pillow's pixels. The
/// draws, in torchvision's order: whether; then x and y of the corner at the top left, top right, bottom right, bottom left.
/// </summary>
/// <param name="Distortion">How far: a share of half the width and height, 0 to 1. <value>0.5.</value></param>
/// <param name="Probability">How often. <value>0.5.</value></param>
/// <param name="Interpolation">Nearest, bilinear or bicubic. <value>Bilinear.</value></param>
/// <param name="Fill">Colour of what has no source. <value>Black.</value></param>
public sealed record RandomPerspective(
    double Distortion = 0.5, float Probability = 0.5f, Interpolation Interpolation = Interpolation.Bilinear,
    RgbColor Fill = default) : IImageTransform
{
    /// <summary>How far, 0 to 1.</summary>
    public double Distortion { get; init; } = Distortion is >= 0 and <= 1
        ? Distortion : throw new ArgumentException($"distortion {Distortion}: expected 0 to 1");

    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random)
    {
        if (!random.Chance(Probability)) return image;
        (double X, double Y)[] target = Draw(image.Width, image.Height, ref random);
        int right = image.Width - 1, bottom = image.Height - 1;
        PerspectiveMatrix matrix;
        try
        {
            matrix = PerspectiveMatrix.Between([(0, 0), (right, 0), (right, bottom), (0, bottom)], target);
        }
        catch (ArgumentException)
        {
            // Corners on one line, of a very small image or of a small one that is strongly distorted: there is no such map.
            return image;
        }
        return Warp.Perspective(image, matrix, Interpolation, Fill);
    }

    /// <summary>Where the corners go, in pixels, clockwise from the top left.</summary>
    public (double X, double Y)[] Draw(int imageWidth, int imageHeight, ref SampleRandom random)
    {
        int x = (int)(Distortion * (imageWidth / 2)), y = (int)(Distortion * (imageHeight / 2));
        int right = imageWidth - x - 1, bottom = imageHeight - y - 1;
        var corners = new (double X, double Y)[4];
        for (int i = 0; i < 4; i++)
        {
            int dx = random.Next(x + 1), dy = random.Next(y + 1);
            corners[i] = (i is 1 or 2 ? right + dx : dx, i is 2 or 3 ? bottom + dy : dy);
        }
        return corners;
    }
}
