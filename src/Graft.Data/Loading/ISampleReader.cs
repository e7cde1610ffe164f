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

    /// <summary>C: channels of what it writes.</summary>
    /// <value>3</value>
    int Channels => 3;

    /// <summary>Reads one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="destination">C x H x W values to fill: [C, H, W], or [H, W, C] for
    /// <see cref="MemoryFormat.ChannelsLast"/>.</param>
    /// <param name="format">The order of the values.</param>
    /// <exception cref="InvalidDataException">The image is bad; the loader skips it. So it does on <see cref="IOException"/>,
    /// <see cref="NotSupportedException"/> and <see cref="UnauthorizedAccessException"/>; any other exception ends the
    /// run.</exception>
    void Read(Sample sample, int epoch, Span<float> destination, MemoryFormat format);
}
