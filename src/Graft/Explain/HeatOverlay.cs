using Graft.Imaging;
using Graft.Models;

namespace Graft;

/// <summary>Paints a heat map over the image that it belongs to.</summary>
public static class HeatOverlay
{
    /// <summary>The opacity where a region counts most, when none is given.</summary>
    public const double DefaultOpacity = 0.65;

    const int Gap = 8;

    /// <summary>
    /// The image with the heat over it: the more a region counts, the warmer and the less transparent its colour, so that the
    /// image itself shows where nothing counts.
    /// </summary>
    /// <param name="seen">the image as the network saw it; it stays as it is</param>
    /// <param name="heat">what counted</param>
    /// <param name="opacity">of the hottest colour, in [0, 1]</param>
    /// <returns>A new image of the same size, the caller's to dispose.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in [0, 1].</exception>
    public static Image Paint(Image seen, Heatmap heat, double opacity = DefaultOpacity)
    {
        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "opacity: expected from 0 to 1");
        float[] heats = heat.Resized(seen.Height, seen.Width);
        Image painted = seen.Clone();
        Span<byte> rgb = painted.Rgb;
        ReadOnlySpan<byte> colors = HeatColors.Table;
        for (int i = 0, at = 0; i < heats.Length; i++, at += 3)
        {
            float share = Math.Clamp(heats[i], 0, 1);
            int color = (int)(share * 255 + 0.5f) * 3;
            float cover = (float)opacity * MathF.Sqrt(share);
            for (int c = 0; c < 3; c++)
                rgb[at + c] = (byte)(rgb[at + c] * (1 - cover) + colors[color + c] * cover + 0.5f);
        }
        return painted;
    }

    /// <summary>The image as the network saw it, and beside it the one with the heat over it.</summary>
    /// <inheritdoc cref="Paint"/>
    /// <returns>A new image, the caller's to dispose.</returns>
    public static Image SideBySide(Image seen, Heatmap heat, double opacity = DefaultOpacity)
    {
        using Image painted = Paint(seen, heat, opacity);
        var both = new Image(seen.Width * 2 + Gap, seen.Height);
        both.Rgb.Fill(255);
        for (int y = 0; y < seen.Height; y++)
        {
            seen.Row(y).CopyTo(both.Row(y));
            painted.Row(y).CopyTo(both.Row(y)[((seen.Width + Gap) * 3)..]);
        }
        return both;
    }
}
