using System.Runtime.Intrinsics;

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
        for (int y = 0; y < image.Height; y++) FlipRow(image.Row(y), result.Row(y));
        return result;
    }

    internal static void FlipRow(ReadOnlySpan<byte> from, Span<byte> to)
    {
        // Five pixels at a time, as 16 bytes of which the first is none of them. It falls on the last byte of the pixel to the
        // left, which is written afterwards: so the left end is left to the loop below.
        Vector128<byte> order = Vector128.Create((byte)15, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2);
        int at = 0, put = to.Length;
        for (; put >= 16 + 3; at += 15, put -= 15)
            Vector128.Shuffle(Vector128.Create(from.Slice(at, 16)), order).CopyTo(to[(put - 16)..]);
        for (put -= 3; put >= 0; at += 3, put -= 3)
        {
            to[put + 2] = from[at + 2];
            to[put + 1] = from[at + 1];
            to[put] = from[at];
        }
    }
}
