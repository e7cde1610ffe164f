using Graft.Imaging;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// From the files of an image and its mask to numbers, for evaluation: the whole image, resized for the network where that is
/// asked for, never cropped; and the mask at its own full size, so that predictions are compared where people drew.
/// </summary>
/// <param name="Preprocess">The network's preprocessing, of which the normalisation counts.</param>
/// <param name="Masks">What the pixels of mask files mean.</param>
public sealed record FullSizePipeline(Preprocess Preprocess, MaskEncoding Masks)
{
    /// <summary>
    /// Says the size to which images are resized, see <see cref="Preprocess.ResizedSize"/>; its crop is not done.
    /// <value>null: images keep their own size</value>
    /// </summary>
    public Preprocess? Resize { get; init; }

    /// <summary>Leaves photographs lying as their pixels do. <value>false: EXIF orientation is honoured</value></summary>
    public bool IgnoreOrientation { get; init; }

    /// <summary>Keeps images and masks in memory. <value>null: each pass reads them anew</value></summary>
    public ImageCache? Cache { get; init; }

    /// <summary>The network's size for an image.</summary>
    /// <param name="width">Width of the upright image.</param>
    /// <param name="height">Height of the upright image.</param>
    public (int Width, int Height) SizeOf(int width, int height) =>
        Resize is { } resize ? resize.ResizedSize(width, height) : (width, height);

    /// <summary>The size of an upright image, from its header.</summary>
    /// <exception cref="InvalidDataException">It is no image.</exception>
    /// <exception cref="NotSupportedException">An image of a kind that is not read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public (int Width, int Height) Measure(Sample sample)
    {
        ImageInfo info = ImageHeader.Read(sample.Path);
        return info.Orientation >= 5 && !IgnoreOrientation ? (info.Height, info.Width) : (info.Width, info.Height);
    }

    /// <summary>Reads one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="destination">C x h x w values to fill, h x w as <see cref="SizeOf"/> says.</param>
    /// <param name="targets">H x W classes to fill, <see cref="LossTargets.Ignore"/> for pixels that do not count.</param>
    /// <param name="format">The order of the values.</param>
    /// <exception cref="InvalidDataException">The image or its mask is bad.</exception>
    public void Read(Sample sample, Span<float> destination, Span<long> targets, MemoryFormat format)
    {
        (MaskedImage pair, bool shared) = MaskedFiles.Open(sample, Masks, IgnoreOrientation, Cache);
        try
        {
            if (targets.Length != pair.Mask.Width * pair.Mask.Height)
                throw new InvalidDataException($"{sample.Path}: expected the size that its header names, found another.");
            (int width, int height) = SizeOf(pair.Image.Width, pair.Image.Height);
            bool same = width == pair.Image.Width && height == pair.Image.Height;
            Image image = same ? pair.Image
                : Imaging.Resize.Apply(pair.Image, width, height, (Resize ?? Preprocess).Interpolation);
            Preprocess sized = Preprocess with { Height = height, Width = width };
            if (format == MemoryFormat.ChannelsLast) sized.NormalizeInterleaved(image, destination);
            else sized.Normalize(image, destination);
            if (!same) image.Dispose();
            MaskedFiles.WriteTargets(pair.Mask, targets);
        }
        finally
        {
            if (!shared)
            {
                pair.Image.Dispose();
                pair.Mask.Dispose();
            }
        }
    }
}
