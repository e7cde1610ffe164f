namespace Graft.Imaging;

/// <summary>Mirrors left and right with a probability.</summary>
/// <param name="Probability">How often. <value>0.5.</value></param>
public sealed record RandomHorizontalFlip(float Probability = 0.5f) : IImageTransform
{
    /// <inheritdoc/>
    public Image Apply(Image image, ref SampleRandom random) => random.Chance(Probability) ? Flip(image) : image;

    /// <summary>The mirror image.</summary>
    public static Image Flip(Image image)
    {
        Image result = Image.Uninitialized(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = image.Row(y);
            Span<byte> to = result.Row(y);
            for (int at = 0, put = to.Length - 3; put >= 0; at += 3, put -= 3)
            {
                to[put + 2] = from[at + 2];
                to[put + 1] = from[at + 1];
                to[put] = from[at];
            }
        }
        return result;
    }
}
