using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// Turns a sample into numbers. Called from several threads at once; what it writes may depend on the sample and the epoch alone,
/// so that a run is the same for any number of workers.
/// </summary>
public interface ISampleReader
{
    /// <summary>Height of what it writes.</summary>
    int Height { get; }

    /// <summary>Width of what it writes.</summary>
    int Width { get; }

    /// <summary>Reads one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="destination">3 x H x W values to fill: [3, H, W], or [H, W, 3] for
    /// <see cref="MemoryFormat.ChannelsLast"/>.</param>
    /// <param name="format">The order of the values.</param>
    /// <exception cref="InvalidDataException">The image is bad; the loader skips it. So it does on <see cref="IOException"/>,
    /// <see cref="NotSupportedException"/> and <see cref="UnauthorizedAccessException"/>; any other exception ends the
    /// run.</exception>
    void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format);
}
