using System.Runtime.CompilerServices;

namespace Graft.Imaging;

public sealed partial record Preprocess
{
    /// <summary>
    /// Normalises an image of the network's size into <paramref name="destination"/>, pixel by pixel: [H, W, 3] float32, the
    /// memory order of channels-last tensors. The values are those of <see cref="Normalize"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The image has not the network's size, or the destination is not H x W x 3
    /// long.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void NormalizeInterleaved(Image image, Span<float> destination)
    {
        RequireSize(image);
        if (Grey) // one channel: both orders are the same
        {
            Normalize(image, destination);
            return;
        }
        int count = image.Width * image.Height * 3;
        if (destination.Length != count)
            throw new ArgumentException(
                $"expected room for {image.Height} x {image.Width} x 3 = {count} floats, got {destination.Length}");
        float[] values = Table;
        fixed (byte* rgb = image.Pixels)
        fixed (float* to = destination, channels = values)
        {
            byte* first = rgb + (SwapRedBlue ? 2 : 0), third = rgb + (SwapRedBlue ? 0 : 2), second = rgb + 1;
            for (int at = 0; at < count; at += 3)
            {
                to[at] = channels[first[at]];
                to[at + 1] = channels[256 + second[at]];
                to[at + 2] = channels[512 + third[at]];
            }
        }
    }
}
