namespace Graft.Imaging;

/// <summary>
/// A mask in the clothes of a picture, the low byte of each value in red and the high byte in green: whatever only moves whole
/// pixels of pictures moves those of masks just so.
/// </summary>
static class MaskCarrier
{
    /// <summary>The colour of <see cref="IndexMask.Ignore"/>.</summary>
    public static RgbColor Ignore => new(255, 255, 0);

    public static Image ToImage(IndexMask mask)
    {
        Image image = Image.Uninitialized(mask.Width, mask.Height);
        ReadOnlySpan<ushort> values = mask.Pixels;
        Span<byte> rgb = image.Rgb;
        for (int i = 0, at = 0; i < values.Length; i++, at += 3)
        {
            rgb[at + 2] = 0;
            rgb[at + 1] = (byte)(values[i] >> 8);
            rgb[at] = (byte)values[i];
        }
        return image;
    }

    /// <summary>The mask that an image carries; the image is disposed.</summary>
    public static IndexMask ToMask(Image image)
    {
        IndexMask mask = IndexMask.Uninitialized(image.Width, image.Height);
        ReadOnlySpan<byte> rgb = image.Rgb;
        Span<ushort> values = mask.Pixels;
        for (int i = 0, at = 0; i < values.Length; i++, at += 3) values[i] = (ushort)(rgb[at + 1] << 8 | rgb[at]);
        image.Dispose();
        return mask;
    }
}
