using System.Diagnostics.CodeAnalysis;
using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

/// <summary>
/// Makes a stem for images of other than three channels from a pretrained one, by fastai's rule: 1 channel sums the weights, 2
/// take the first two times 1.5, further channels start at zero.
/// </summary>
static class StemAdapter
{
    const int Pretrained = 3;

    /// <summary>Whether those are a stem's weights for three channels where the network takes another number.</summary>
    public static bool Fits(ModelConfig config, [NotNullWhen(true)] ArrayEntry? found, long[] shape) =>
        config.InputChannels != Pretrained && found is not null && found.Type.IsFloatingPoint() && shape.Length == 4 &&
        found.Shape.Count == 4 && shape[1] == config.InputChannels && found.Shape[1] == Pretrained &&
        shape[0] == found.Shape[0] && shape[2] == found.Shape[2] && shape[3] == found.Shape[3];

    /// <summary>Writes the stem of another number of channels.</summary>
    /// <param name="from"><c>[O, 3, h, w]</c></param>
    /// <param name="shape">its shape</param>
    /// <param name="to"><c>[O, C, h, w]</c></param>
    public static void Adapt(ReadOnlySpan<float> from, IReadOnlyList<long> shape, Parameter to)
    {
        Span<float> result = to.Value.AsSpan<float>();
        int outputs = (int)shape[0], window = (int)(shape[2] * shape[3]), channels = (int)to.Shape[1];
        result.Clear();
        for (int o = 0; o < outputs; o++)
            for (int c = 0; c < Math.Max(channels, Pretrained); c++)
            {
                if (c >= Pretrained || (channels == 2 && c == 2)) continue;
                ReadOnlySpan<float> source = from.Slice((o * Pretrained + c) * window, window);
                Span<float> target = result.Slice((o * channels + (channels == 1 ? 0 : c)) * window, window);
                float factor = channels == 2 ? 1.5f : 1;
                for (int i = 0; i < window; i++) target[i] += factor * source[i];
            }
    }
}
