using Graft.Imaging;

namespace Graft.Data;

/// <summary>
/// A mask drawn as shapes: polygons and runs of pixels, the later over the earlier. What has no shape is of the class
/// <c>background</c>; where there is no such class, it is ignored.
/// </summary>
/// <param name="Path">The file that they come from.</param>
/// <param name="Width">Width of the image that they were drawn on.</param>
/// <param name="Height">Height of the image that they were drawn on.</param>
/// <param name="Shapes">The shapes.</param>
public sealed record MaskShapes(string Path, int Width, int Height, IReadOnlyList<MaskShape> Shapes) : MaskSource(Path)
{
    /// <summary>The class of what has no shape.</summary>
    public const string Background = "background";

    private protected override IndexMask Load(MaskEncoding encoding, int imageWidth, int imageHeight)
    {
        bool fits = (Width == imageWidth && Height == imageHeight) || (Width == imageHeight && Height == imageWidth);
        if (!fits && imageWidth > 0)
            throw new InvalidDataException(
                $"{Path}: expected shapes on images of their size, {imageWidth} x {imageHeight}, found {Width} x {Height}.");
        IndexMask mask = new(Width, Height);
        try
        {
            mask.Pixels.Fill(encoding.ClassOf(Background) ?? IndexMask.Ignore);
            foreach (MaskShape shape in Shapes.Where(shape => shape.IsIgnored)) Draw(mask, shape, IndexMask.Ignore);
            foreach (MaskShape shape in Shapes.Where(shape => !shape.IsIgnored))
                Draw(mask, shape, encoding.ClassOf(shape.Class) ?? throw new InvalidDataException(
                    $"{Path}: expected a class of the class list, found '{shape.Class}'."));
            return mask;
        }
        catch (Exception error)
        {
            mask.Dispose();
            if (error is ArgumentException) throw new InvalidDataException($"{Path}: {error.Message}", error);
            throw;
        }
    }

    internal override MaskContent Inspect(MaskEncoding? known, int imageWidth, int imageHeight, bool wantsColors) =>
        Counted(known!, imageWidth, imageHeight);

    static void Draw(IndexMask mask, MaskShape shape, ushort value)
    {
        foreach (double[] polygon in shape.Polygons) PolygonRaster.Fill(mask, polygon, value);
        if (shape.Runs is { } runs) RunLengths.Fill(mask, runs, value);
    }
}
