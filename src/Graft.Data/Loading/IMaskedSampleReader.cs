using Graft.Torch;

namespace Graft.Data;

/// <summary>Turns a sample with a mask into numbers: the image, and the class of each of its pixels.</summary>
public interface IMaskedSampleReader : ISampleReader
{
    /// <summary>Reads one sample with its mask.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="destination">C x H x W values to fill: [C, H, W], or [H, W, C] for
    /// <see cref="MemoryFormat.ChannelsLast"/>.</param>
    /// <param name="targets">H x W classes to fill; <see cref="LossTargets.Ignore"/> for pixels that do not count.</param>
    /// <param name="format">The order of the values.</param>
    /// <exception cref="InvalidDataException">The image or its mask is bad; the loader skips it, as for
    /// <see cref="ISampleReader.Read"/>.</exception>
    void Read(Sample sample, int epoch, Span<float> destination, Span<long> targets, MemoryFormat format);
}
