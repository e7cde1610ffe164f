using Graft.Imaging;

namespace Graft;

/// <summary>A run's gallery of segmentations.</summary>
/// <param name="Palette">red, green and blue, 0 to 255, of each class</param>
/// <param name="Images">the worst first, then the best</param>
sealed record SegmentedImages(IReadOnlyList<int[]> Palette, IReadOnlyList<SegmentedEntry> Images)
{
    /// <summary>The colours; those of <see cref="MaskPalette"/> where the file does not have one for each class.</summary>
    public IReadOnlyList<RgbColor> ColorsOf(int classes) =>
        Palette.Count == classes && Palette.All(color => color.Length == 3)
            ? [.. Palette.Select(color => new RgbColor((byte)color[0], (byte)color[1], (byte)color[2]))]
            : MaskPalette.Of(classes);
}
