using Graft.Formats;
using Graft.Imaging;

namespace Graft;

/// <summary>Writes a segmentation model's predictions into a folder, each file whole or not at all.</summary>
/// <param name="folder">where <c>masks</c>, <c>colors</c>, <c>overlays</c> and <c>probabilities</c> are made</param>
/// <param name="labels">the classes</param>
/// <param name="palette">the colour of each</param>
/// <param name="outputs">what is written</param>
public sealed class SegmentationWriter(
    string folder, IReadOnlyList<string> labels, IReadOnlyList<RgbColor> palette,
    SegmentationOutput outputs)
{
    readonly MaskPainter painter = new(labels, palette);

    /// <summary>Writes what is asked for of one prediction; nothing of an image that could not be read.</summary>
    /// <param name="prediction">what the model made of an image</param>
    /// <param name="name">under which it is written, without extension; it may have folders</param>
    /// <param name="image">the image itself, for the overlay; null: it is read anew</param>
    /// <param name="ignoreOrientation">whether EXIF's orientation was ignored</param>
    /// <returns>the files by kind: <c>mask</c>, <c>colors</c>, <c>overlay</c>, <c>probabilities</c></returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyDictionary<string, string> Write(
        SegmentationPrediction prediction, string name, Image? image = null, bool ignoreOrientation = false)
    {
        Dictionary<string, string> written = [];
        if (prediction.Mask is not { } mask) return written;
        if (outputs.HasFlag(SegmentationOutput.Masks))
            Save("mask", "masks", ".png", MaskCodec.EncodePng(mask, palette, MaskCodec.IgnoreValueFor(labels.Count)));
        if (outputs.HasFlag(SegmentationOutput.Colors))
        {
            using Image colors = painter.Paint(mask);
            Save("colors", "colors", ".png", ImageCodec.EncodePng(colors));
        }
        if (outputs.HasFlag(SegmentationOutput.Overlays))
        {
            using Image? read = image is null ? ImageCodec.Load(prediction.Image, ignoreOrientation) : null;
            using Image overlay = painter.Overlay(image ?? read!, mask);
            using Image explained = painter.WithLegend(overlay, painter.ClassesOf(mask));
            Save("overlay", "overlays", ".png", ImageCodec.EncodePng(explained));
        }
        if (outputs.HasFlag(SegmentationOutput.Probabilities) && prediction.Probabilities is float[] values)
        {
            string path = PathOf("probabilities", ".npy");
            NpyWriter.Write(path, values, values.LongLength / ((long)mask.Width * mask.Height), mask.Height, mask.Width);
            written["probabilities"] = path;
        }
        return written;

        void Save(string kind, string below, string extension, byte[] bytes)
        {
            string path = PathOf(below, extension);
            AtomicFile.Write(path, stream => stream.Write(bytes), bytes.Length);
            written[kind] = path;
        }

        string PathOf(string below, string extension)
        {
            string path = Path.Combine(folder, below, name + extension);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return path;
        }
    }
}
