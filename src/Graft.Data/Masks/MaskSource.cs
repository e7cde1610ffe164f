using Graft.Imaging;

namespace Graft.Data;

/// <summary>Where the class of each pixel of an image is.</summary>
/// <param name="Path">The file that messages name.</param>
public abstract record MaskSource(string Path)
{
    [ThreadStatic] static int[]? counters;

    /// <summary>
    /// The class of each pixel of an image, at the size at which the image is decoded. A mask that is as large as the image is
    /// stored counts as the camera's pixels, and gets the turn that the image's EXIF orientation asks for; one that is as large
    /// as the upright image only (its sides exchanged) was drawn on that, and stays.
    /// </summary>
    /// <param name="encoding">What the pixels of files mean.</param>
    /// <param name="image">What the image's file says of it.</param>
    /// <param name="ignoreOrientation">Whether the image stays as it is stored. <value>false</value></param>
    /// <exception cref="InvalidDataException">The mask is damaged, of another size than the image, or has pixels that are of no
    /// class.</exception>
    /// <exception cref="NotSupportedException">A mask of a kind that is not read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IndexMask Read(MaskEncoding encoding, ImageInfo image, bool ignoreOrientation = false)
    {
        bool exchanged = image.Orientation >= 5 && !ignoreOrientation;
        (int width, int height) = exchanged ? (image.Height, image.Width) : (image.Width, image.Height);
        IndexMask mask = Load(encoding, image.Width, image.Height);
        if (mask.Width == image.Width && mask.Height == image.Height)
            return ignoreOrientation ? mask : MaskGeometry.Orient(mask, image.Orientation);
        if (mask.Width == width && mask.Height == height) return mask;
        string found = $"{mask.Width} x {mask.Height}";
        mask.Dispose();
        throw new InvalidDataException(
            $"{Path}: expected a mask of the image's size, {width} x {height}, found {found}. Make both the same; masks are "
            + "resized by nearest only.");
    }

    /// <summary>The classes as they are stored, at whatever size.</summary>
    private protected abstract IndexMask Load(MaskEncoding encoding, int imageWidth, int imageHeight);

    /// <summary>What it holds, for the scan before training.</summary>
    /// <param name="known">the classes, where masks are made of their names</param>
    /// <param name="imageWidth">width of the image as it is stored</param>
    /// <param name="imageHeight">height of the image as it is stored</param>
    /// <param name="wantsColors">whether grey pictures of three channels have colours rather than values</param>
    internal abstract MaskContent Inspect(MaskEncoding? known, int imageWidth, int imageHeight, bool wantsColors);

    /// <summary>The pixels of each class of the loaded mask.</summary>
    private protected MaskContent Counted(MaskEncoding known, int imageWidth, int imageHeight)
    {
        using IndexMask mask = Load(known, imageWidth, imageHeight);
        Dictionary<int, long> counts = Counts(mask);
        if (counts.Remove(IndexMask.Ignore, out long ignored)) counts[-1] = ignored;
        return new MaskContent(mask.Width, mask.Height, counts, MaskContentKind.Classes);
    }

    /// <summary>The pixels of each value.</summary>
    private protected static Dictionary<int, long> Counts(IndexMask mask)
    {
        int[] byValue = counters ??= new int[ushort.MaxValue + 1];
        Array.Clear(byValue);
        foreach (ushort value in mask.Pixels) byValue[value]++;
        Dictionary<int, long> counts = [];
        for (int value = 0; value < byValue.Length; value++)
            if (byValue[value] > 0) counts.Add(value, byValue[value]);
        return counts;
    }

    private protected static byte[] Bytes(string path)
    {
        const int LongestReasonableFile = 1 << 30;
        FileInfo file = new(path);
        if (!file.Exists) throw new InvalidDataException($"{path}: no such mask.");
        if (file.Length > LongestReasonableFile)
            throw new InvalidDataException(
                $"{path}: {file.Length} bytes, more than the {LongestReasonableFile} of a reasonable mask.");
        return File.ReadAllBytes(path);
    }
}
